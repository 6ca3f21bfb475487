import type { Connection } from '../../database/connection.ts';

export interface LinkRow {
  readonly contact_id: number;
  readonly message_id: number | null;
  readonly first_name: string;
}

/** Whose page a token opens. */
export async function selectLink({ raw }: Connection, token: string): Promise<LinkRow | undefined> {
  const [row] = await raw<LinkRow[]>`
    select l.contact_id, l.message_id, c.first_name from public_link l join contact c using (contact_id) where l.token = ${token}`;
  return row;
}

export async function selectConsents(
  { raw }: Connection,
  contactId: number,
): Promise<{ purpose: string; state: string; channels: string[] }[]> {
  return raw<
    { purpose: string; state: string; channels: string[] }[]
  >`select purpose, state, channels from consent_state where contact_id = ${contactId}`;
}

/** The addresses a person may choose among, one line each. */
export async function selectAddresses(
  { raw }: Connection,
  contactId: number,
): Promise<{ kind: string; value: string }[]> {
  return raw<{ kind: string; value: string }[]>`
    select kind, value from contact_identity where contact_id = ${contactId} and kind in ('email', 'phone') order by kind, value`;
}
