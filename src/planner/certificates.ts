import { z } from 'zod';
import { loadBusiness } from '../business/actions.ts';
import type { Connection } from '../database/connection.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import type { Channel } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, dayInWords, isoFromDay } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import { moneyInWords } from '../kernel/money.ts';
import type { CertificateRow } from './certificate-queries.ts';
import * as queries from './certificate-queries.ts';
import { HORIZON_DAYS, periodLength, periodOf } from './horizon.ts';
import type { CampaignLimit } from './limit-names.ts';
import { readLimit } from './limit-names.ts';
import type { PlanCertificates } from './schema.ts';
import { shareOfBound, shareInWords } from './words.ts';

const DAYS = 90;
const WIDER_MAX = 5;
/** A limit that costs less is not worth a sentence. */
const LEAST_CENTS = 1;
const CENTS_IN_A_EURO = 100;

const limitsSchema = z.record(z.string(), z.object({ price: z.number() }));
type Wider = PlanCertificates['wider'][number];

/** What the plans of the last 90 days were worth against the best possible ones, and what the limits of the last one cost. */
export async function loadCertificates(connection: Connection, today: Day): Promise<PlanCertificates> {
  const language = (await loadBusiness(connection))?.language ?? 'it';
  const from = isoFromDay(today - DAYS + 1);
  const until = isoFromDay(today);
  const rows = await queries.selectCertificates(connection, from, until);
  const last = rows.at(-1);
  const wider = last ? await loadWider(connection, last.plan_day, language) : [];
  return {
    from,
    until,
    sentence: last ? describeLast(last, today, language) : sentence('plan.best_none', language),
    days: rows.map((row) => ({
      day: row.plan_day,
      valueCents: row.value_cents,
      boundCents: row.bound_cents,
      share: shareOfBound(row.value_cents, row.bound_cents),
      closeness: closenessInWords(row, language),
    })),
    wider,
    widerSentence: last
      ? sentence(wider.length > 0 ? 'plan.wider_some' : 'plan.wider_none', language, { days: HORIZON_DAYS })
      : '',
  };
}

function describeLast(row: CertificateRow, today: Day, language: Language): string {
  const day = dayFromIso(row.plan_day);
  const plan =
    day === today
      ? sentence('plan.of_today', language)
      : sentence('plan.of_day', language, { day: dayInWords(day, language, today) });
  const share = shareOfBound(row.value_cents, row.bound_cents);
  if (share === null) return sentence('plan.best_empty', language, { plan });
  const words = shareInWords(share, language);
  return words === null
    ? sentence('plan.best', language, { plan })
    : sentence('plan.near_best', language, { plan, share: words });
}

function closenessInWords(row: CertificateRow, language: Language): string {
  const share = shareOfBound(row.value_cents, row.bound_cents);
  if (share === null) return sentence('plan.closeness_empty', language);
  const words = shareInWords(share, language);
  return words === null ? sentence('plan.closeness_best', language) : `${words} %`;
}

/** What would earn more if it were wider: one more message a day on a channel, one more of a campaign, one more euro for it. */
async function loadWider(connection: Connection, day: string, language: Language): Promise<Wider[]> {
  const limits = limitsSchema.parse(await queries.selectLimits(connection, day));
  const perDay = new Map<Channel, number>();
  const ofCampaigns: { campaignId: number; what: CampaignLimit; cents: number }[] = [];
  for (const [name, { price }] of Object.entries(limits)) {
    const limit = readLimit(name);
    if (!limit) continue;
    if ('what' in limit)
      ofCampaigns.push({ ...limit, cents: limit.what === 'cents' ? price * CENTS_IN_A_EURO : price });
    else {
      // One more on each of a week's days is seven more in the week.
      const share = (price * periodLength(periodOf(limit.daysAhead))) / HORIZON_DAYS;
      perDay.set(limit.channel, (perDay.get(limit.channel) ?? 0) + share);
    }
  }
  const names = await queries.selectCampaignNames(
    connection,
    ofCampaigns.map(({ campaignId }) => campaignId),
  );
  const wider = [
    ...[...perDay].map(([channel, cents]) => ({
      limit: channel,
      cents,
      sentence: sentence('plan.wider_day', language, {
        one: sentence(`plan.one_more_${channel}`, language),
        money: moneyInWords(cents, language),
      }),
    })),
    ...ofCampaigns.map(({ campaignId, what, cents }) => ({
      limit: `campaign:${campaignId}:${what}`,
      cents,
      sentence: sentence(`plan.wider_${what}`, language, {
        name: names.get(campaignId) ?? '',
        money: moneyInWords(cents, language),
      }),
    })),
  ];
  return wider
    .filter(({ cents }) => cents >= LEAST_CENTS)
    .sort((one, other) => other.cents - one.cents)
    .slice(0, WIDER_MAX);
}
