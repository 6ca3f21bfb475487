import { isCertifiedMail } from '../contacts/rules.ts';
import type { Day } from '../kernel/day.ts';
import { isoFromDay } from '../kernel/day.ts';
import type { GateFacts } from './rules.ts';

/** What the database knows of a person that the gates look at: consents, the address to write to, birth. */
export interface PersonRow {
  readonly birth_date: string | null;
  readonly marketing: 'granted' | 'withdrawn' | null;
  readonly channels: readonly string[] | null;
  readonly profiling: 'granted' | 'withdrawn' | null;
  readonly email: string | null;
  readonly is_verified: boolean | null;
  readonly is_unreachable: boolean | null;
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
    address: row?.email
      ? {
          isVerified: row.is_verified === true,
          isUnreachable: row.is_unreachable === true,
          isCertifiedMail: isCertifiedMail(row.email),
        }
      : null,
    ageYears: row?.birth_date ? ageOn(row.birth_date, isoFromDay(day)) : null,
  };
}

/** Age in whole years on a day, from two `YYYY-MM-DD` days; someone born on 29 February turns on 1 March. */
export function ageOn(birthDate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
