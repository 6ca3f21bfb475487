import type { Connection } from '../database/connection.ts';

/** Which of these consents the ledger has already: contact, purpose, action and moment joined by spaces. */
export async function selectKnownConsents(
  { raw }: Connection,
  contactIds: readonly number[],
): Promise<Set<string>> {
  const rows = await raw<{ contact_id: number; purpose: string; action: string; occurred_at: Date }[]>`
    select contact_id, purpose, action, occurred_at from consent_event where contact_id = any(${contactIds})`;
  return new Set(
    rows.map((row) => `${row.contact_id} ${row.purpose} ${row.action} ${row.occurred_at.toISOString()}`),
  );
}
