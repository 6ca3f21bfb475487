import type { Connection } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { isoFromDay } from '../kernel/day.ts';
import type { ComputedPlan } from './compute.ts';
import { writeMessages } from './messages.ts';
import type { CandidateInsert } from './queries.ts';
import * as queries from './queries.ts';
import type { Verdict } from './verdicts.ts';

/**
 * Stores a computed plan in place of what was planned before, of everybody or of the contacts that were planned: verdicts of what is due,
 * what is foreseen later, and today's messages. What was decided on stays. Returns every verdict of the day that now holds for them.
 */
export async function storePlan(
  transaction: Connection,
  plan: ComputedPlan,
  { day, now, contactIds }: { day: Day; now: Date; contactIds: readonly number[] | null },
): Promise<{ readonly verdict: string; readonly reason: string }[]> {
  const [, decided] = await Promise.all([
    queries.lockPlanned(transaction, isoFromDay(day), contactIds),
    queries.selectDecidedCandidates(transaction, isoFromDay(day), contactIds),
  ]);
  const stored = new StoredPlan(plan, new Set(decided.map((row) => keyOf(row.contact_id, row.source))));
  await queries.replaceCandidates(transaction, isoFromDay(day), stored.candidates(), contactIds);
  await queries.replaceSlots(transaction, stored.slots(day), contactIds);
  const { people, opening, timeZone } = plan;
  const chosen = stored.messages();
  await writeMessages(transaction, { day, now, contactIds, people, opening, timeZone, chosen });
  return [...decided, ...stored.due().map(({ verdict }) => verdict)];
}

const keyOf = (contactId: number, source: string): string => `${contactId} ${source}`;

interface StoredVerdict {
  readonly verdict: Verdict;
  readonly contact: number;
  readonly contactId: number;
}

/** A computed plan as it is stored. What was decided on already is left out: it keeps its verdict. */
class StoredPlan {
  readonly #plan: ComputedPlan;
  readonly #verdicts: readonly StoredVerdict[];

  constructor(plan: ComputedPlan, decidedKeys: ReadonlySet<string>) {
    this.#plan = plan;
    const { candidates } = plan;
    const contactOf = new Int32Array(candidates.count);
    for (const contact of candidates.contactIds.keys())
      contactOf.fill(contact, candidates.first[contact], candidates.first[contact + 1]);
    this.#verdicts = plan.verdicts
      .map((verdict) => {
        const contact = contactOf[verdict.candidate]!;
        return { verdict, contact, contactId: candidates.contactIds[contact]! };
      })
      .filter(
        ({ verdict, contactId }) =>
          decidedKeys.size === 0 || !decidedKeys.has(keyOf(contactId, this.#source(verdict).key)),
      );
  }

  #source({ candidate }: Verdict) {
    const { candidates } = this.#plan;
    return candidates.sources[candidates.source[candidate]!]!;
  }

  /** Verdicts of what was due today, or goes today. */
  due() {
    const { isDueToday } = this.#plan;
    return this.#verdicts.filter(
      ({ verdict }) => verdict.verdict !== 'later' || isDueToday(verdict.candidate),
    );
  }

  candidates(): CandidateInsert[] {
    return this.due().map(({ verdict, contactId }) => {
      const source = this.#source(verdict);
      return {
        contact_id: contactId,
        source: source.key,
        channel: this.#channelOf(verdict),
        class: source.messageClass,
        category_id: source.categoryId,
        campaign_id: source.campaign?.campaign_id ?? null,
        probability: this.#plan.probabilityOf(verdict.candidate),
        value_cents: verdict.valueCents,
        verdict: verdict.verdict,
        reason: verdict.reason,
      };
    });
  }

  /** What is foreseen for later days. */
  slots(day: Day): queries.SlotInsert[] {
    return this.#verdicts.flatMap(({ verdict, contactId }) => {
      if (verdict.verdict !== 'later' || !verdict.slot) return [];
      const source = this.#source(verdict);
      return [
        {
          contact_id: contactId,
          source: source.key,
          planned_for: day + verdict.slot.daysAhead,
          class: source.messageClass,
          channel: this.#channelOf(verdict),
          category_id: source.categoryId,
          campaign_id: source.campaign?.campaign_id ?? null,
          value_cents: verdict.valueCents,
          reason: verdict.reason,
        },
      ];
    });
  }

  /** What goes today. */
  messages() {
    const { clocks, candidates, channels } = this.#plan;
    return this.#verdicts.flatMap(({ verdict, contact, contactId }) => {
      if (verdict.verdict !== 'planned' || !verdict.slot) return [];
      const clock = candidates.clock[verdict.candidate]!;
      const { channel, leadDays } = channels[verdict.slot.channel]!;
      return [
        {
          contactId,
          source: this.#source(verdict),
          channel,
          leadDays,
          clock: clock < 0 ? null : clocks.describe(clock),
          valueCents: verdict.valueCents,
          heldBackDays: this.#plan.heldBackOf(verdict.candidate),
          terms: this.#plan.termsOf(contact, verdict.candidate, verdict.slot.channel),
          ...this.#plan.forecastOf(contact),
        },
      ];
    });
  }

  #channelOf({ slot }: Verdict) {
    const { channels } = this.#plan;
    return channels[slot?.channel ?? 0]?.channel ?? 'email';
  }
}
