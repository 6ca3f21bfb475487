import type { Connection } from '../database/connection.ts';

export interface CertificateRow {
  readonly plan_day: string;
  readonly value_cents: number;
  readonly bound_cents: number;
}

/** Value and bound of the plans from one day to another, both included, where they were kept; the earliest first. */
export function selectCertificates(
  { raw }: Connection,
  from: string,
  until: string,
): Promise<CertificateRow[]> {
  return raw<CertificateRow[]>`
    select plan_day, value_cents, bound_cents from plan_run
    where plan_day between ${from} and ${until} and value_cents is not null and bound_cents is not null order by plan_day`;
}

/** The limits of a day's plan, each with its price. */
export async function selectLimits({ raw }: Connection, day: string): Promise<unknown> {
  const [row] = await raw<{ limits: unknown }[]>`select limits from plan_run where plan_day = ${day}`;
  return row?.limits ?? {};
}

export async function selectCampaignNames(
  { raw }: Connection,
  campaignIds: readonly number[],
): Promise<Map<number, string>> {
  const rows = await raw<{ campaign_id: number; name: string }[]>`
    select campaign_id, name from campaign where campaign_id = any(${campaignIds})`;
  return new Map(rows.map((row) => [row.campaign_id, row.name]));
}
