import { isCertifiedMail } from '../contacts/rules.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import type { GateFacts, GateReason } from './rules.ts';

/** What the database knows of a person that the gates look at: consents, the address to write to, birth. */
export interface PersonRow {
  readonly birth_date: string | null;
  readonly marketing: 'granted' | 'withdrawn' | null;
  readonly channels: readonly string[] | null;
  readonly profiling: 'granted' | 'withdrawn' | null;
  /** Where the channel reaches them: an e-mail address, a number, the lines of a postal address. */
  readonly address: string | null;
  readonly is_verified: boolean | null;
  readonly is_unreachable: boolean | null;
}

/** What is known of a phone number and the public opposition register. Days are YYYY-MM-DD. */
export interface RegisterRow {
  /** When it was last looked up, and whether it stood there; null: never. */
  readonly register_checked_on: string | null;
  readonly is_in_register: boolean | null;
  /** When the person last said yes to calls; null: never. */
  readonly agreed_to_calls_on: string | null;
}

/** A check of a phone number holds for so many days (law.md RPO-1). */
const REGISTER_CHECK_DAYS = 15;

/**
 * Why the opposition register forbids a call: enrolment cancels what was agreed before it, and a yes said after the check stands
 * (law.md RPO-2). A yes older than the last check needs one that still holds.
 */
export function refusalOfRegister(row: RegisterRow, day: Day): GateReason | null {
  const { register_checked_on: checkedOn, agreed_to_calls_on: agreedOn } = row;
  if (checkedOn === null) return null;
  if (agreedOn !== null && agreedOn > checkedOn) return null;
  if (row.is_in_register) return 'register.listed';
  return day - dayFromIso(checkedOn) > REGISTER_CHECK_DAYS ? 'register.check_old' : null;
}

/** What the gates look at in a person, whatever the message. */
export type PersonFacts = Pick<
  GateFacts,
  'marketing' | 'marketingChannels' | 'profiling' | 'address' | 'ageYears'
>;

/** A person as the gates see it on a day; of somebody unknown nothing is permitted. */
export function personFacts(row: PersonRow | undefined, day: Day): PersonFacts {
  return {
    marketing: row?.marketing ?? 'unknown',
    marketingChannels: row?.channels ?? [],
    profiling: row?.profiling ?? 'unknown',
    address: addressFacts(row),
    ageYears: row?.birth_date ? ageOn(row.birth_date, isoFromDay(day)) : null,
  };
}

/** An address as the gates see it. */
export function addressFacts(
  row: Pick<PersonRow, 'address' | 'is_verified' | 'is_unreachable'> | undefined,
): GateFacts['address'] {
  if (!row?.address) return null;
  return {
    isVerified: row.is_verified === true,
    isUnreachable: row.is_unreachable === true,
    isCertifiedMail: isCertifiedMail(row.address),
  };
}

/** Age in whole years on a day, from two `YYYY-MM-DD` days; someone born on 29 February turns on 1 March. */
export function ageOn(birthDate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
