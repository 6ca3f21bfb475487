import { suppressedAmong } from '../consent/actions.ts';
import { postalLinesOf } from '../contacts/rules.ts';
import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { addressHash } from '../kernel/secret.ts';
import type { GateFacts } from '../pressure/rules.ts';
import { addressFacts, refusalOfRegister } from '../pressure/rules.ts';
import { selectNumbers, selectPostalAddresses } from './fact-queries.ts';

/** What the gates see of a person on a channel other than e-mail. */
export type ReachFacts = Pick<
  GateFacts,
  'address' | 'isSuppressed' | 'hasLegitimateInterest' | 'refusedByRegister'
>;

/** By channel and contact; a contact that is missing has no address there. */
export type Reach = ReadonlyMap<Channel, ReadonlyMap<number, ReachFacts>>;

/** Nobody knows where this person is reached. */
export const unreached: ReachFacts = {
  address: null,
  isSuppressed: false,
  hasLegitimateInterest: false,
  refusedByRegister: null,
};

interface ReachScope {
  readonly channels: readonly { readonly channel: Channel }[];
  /** Whether letters go to customers who said nothing (law.md POS-1). */
  readonly writesToCustomers: boolean;
  readonly secretKey: Buffer;
  readonly day: Day;
}

/** Postal addresses and numbers of some contacts, read only where letters or calls are switched on. */
export async function loadReach(
  connection: Connection,
  contactIds: readonly number[],
  scope: ReachScope,
): Promise<Reach> {
  const isOn = (name: Channel): boolean => scope.channels.some(({ channel }) => channel === name);
  const reach = new Map<Channel, ReadonlyMap<number, ReachFacts>>();
  if (isOn('letter')) reach.set('letter', await loadPostal(connection, contactIds, scope));
  if (isOn('phone')) reach.set('phone', await loadNumbers(connection, contactIds, scope));
  return reach;
}

async function loadPostal(
  connection: Connection,
  contactIds: readonly number[],
  { secretKey, writesToCustomers }: ReachScope,
): Promise<Map<number, ReachFacts>> {
  const found = (await selectPostalAddresses(connection, contactIds)).map((row) => {
    const address = postalLinesOf(row)?.join('\n') ?? null;
    const facts = {
      ...unreached,
      address: addressFacts({ address, is_verified: true, is_unreachable: false }),
      hasLegitimateInterest: writesToCustomers && row.has_bought,
    };
    return { contactId: row.contact_id, address, facts };
  });
  return withSuppression(connection, found, { kind: 'letter', key: secretKey });
}

async function loadNumbers(
  connection: Connection,
  contactIds: readonly number[],
  { secretKey, day }: ReachScope,
): Promise<Map<number, ReachFacts>> {
  const found = (await selectNumbers(connection, contactIds)).map((row) => ({
    contactId: row.contact_id,
    address: row.address,
    facts: { ...unreached, address: addressFacts(row), refusedByRegister: refusalOfRegister(row, day) },
  }));
  return withSuppression(connection, found, { kind: 'phone', key: secretKey });
}

async function withSuppression(
  connection: Connection,
  found: readonly { contactId: number; address: string | null; facts: ReachFacts }[],
  { kind, key }: { readonly kind: string; readonly key: Buffer },
): Promise<Map<number, ReachFacts>> {
  const hashed = found.map(({ address, ...rest }) => ({
    ...rest,
    hash: address === null ? null : addressHash(key, kind, address),
  }));
  const suppressed = await suppressedAmong(
    connection,
    hashed.flatMap(({ hash }) => hash ?? []),
  );
  return new Map(
    hashed.map(({ contactId, facts, hash }) => [
      contactId,
      { ...facts, isSuppressed: hash !== null && suppressed.has(hash.toString('hex')) },
    ]),
  );
}
