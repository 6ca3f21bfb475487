import type { ClockFacts } from '../clocks/rules.ts';
import { explainClock } from '../clocks/rules.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, dayInWords } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import { moneyInWords } from '../kernel/money.ts';
import { numberInWords } from '../kernel/number.ts';
import type { Proposal } from './messages.ts';
import type { ReportRow } from './queries.ts';
import type { ValueTerms } from './rules.ts';
import type { PlanReport } from './schema.ts';

/** What a message was chosen for, kept with it: the "why" that is shown now and in a year. Days are YYYY-MM-DD. */
export type MessageFacts = (
  | { readonly kind: 'clock'; readonly clock: ClockFacts & { readonly probability?: number } }
  | {
      readonly kind: 'campaign';
      readonly campaignName: string;
      readonly startsOn: string;
      readonly endsOn: string;
    }
) & {
  /** What the message was worth, term by term; absent in messages of earlier versions. */
  readonly terms?: ValueTerms;
};

export function factsOfProposal({ clock, source: { campaign }, terms }: Proposal): MessageFacts {
  if (clock) return { kind: 'clock', clock, terms };
  return {
    terms,
    kind: 'campaign',
    campaignName: campaign?.name ?? '',
    startsOn: campaign?.starts_on ?? '',
    endsOn: campaign?.ends_on ?? '',
  };
}

/** Why this person, in one sentence of the business's language. */
export function explainMessage(facts: MessageFacts, language: Language, today: Day): string {
  if (facts.kind === 'clock') return explainClock(facts.clock, language, today);
  return sentence('plan.campaign_reason', language, {
    name: facts.campaignName,
    from: dayInWords(dayFromIso(facts.startsOn), language, today),
    to: dayInWords(dayFromIso(facts.endsOn), language, today),
  });
}

/** What a message is expected to bring and to cost, in one sentence; null where it was not kept. */
export function explainValue({ terms }: MessageFacts, language: Language): string | null {
  if (!terms || terms.uplift <= 0) return null;
  return sentence('plan.value', language, {
    more: numberInWords(100 * terms.uplift, language, 1),
    margin: moneyInWords(100 * terms.margin, language),
    cost: costInWords(100 * terms.cost, language),
    fatigue: costInWords(100 * terms.fatigue, language),
  });
}

/** A plan that misses less than this of its bound is as good as any. */
const BEST_GAP = 1e-6;

/** What a plan is worth in shares of what no plan could pass; null where there was nothing to send. */
export const shareOfBound = (value: number, bound: number): number | null =>
  bound > 0 ? Math.min(Math.max(value / bound, 0), 1) : null;

/** Such a share in percent, never rounded up: "99,93"; null where no plan would earn more. */
export function shareInWords(share: number, language: Language): string | null {
  if (1 - share < BEST_GAP) return null;
  return new Intl.NumberFormat(language === 'it' ? 'it-IT' : 'en-GB', {
    maximumFractionDigits: 2,
    roundingMode: 'floor',
  }).format(100 * share);
}

const costInWords = (cents: number, language: Language): string =>
  cents < 1 ? sentence('today.cost_tiny', language) : moneyInWords(cents, language);

/** The messages of a plan as its report tells them. */
export function describeMessages(
  messages: readonly ReportRow[],
  day: Day,
  language: Language,
): PlanReport['messages'] {
  return messages.map((row) => ({
    contact: row.contact_id,
    message: row.message_id,
    channel: row.channel,
    category: row.category_name,
    campaign: row.campaign_name,
    expectedValueCents: Math.round(row.value_cents * 10) / 10,
    explanation: explainMessage(row.facts as MessageFacts, language, day),
  }));
}
