import type { CampaignRow } from '../../src/campaigns/actions.ts';
import type { UpcomingClocks } from '../../src/clocks/actions.ts';
import { ANCHOR_DAYS, gapQuantile, gapSurvival } from '../../src/clocks/rules.ts';
import type { GapDistribution } from '../../src/clocks/rules.ts';
import type { Day } from '../../src/kernel/day.ts';
import { isoFromDay } from '../../src/kernel/day.ts';
import type { Random } from '../../src/kernel/random.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { CampaignAudience } from '../../src/planner/candidates.ts';
import { gatherCandidates } from '../../src/planner/candidates.ts';
import { HORIZON_DAYS } from '../../src/planner/horizon.ts';
import type { FixedMessage, PlanInputs } from '../../src/planner/inputs.ts';
import type { Pressure } from '../../src/pressure/rules.ts';
import { groupsOf } from '../../src/pressure/rules.ts';

/** Hazard ratio of a message in the 14 days after it: the truth of the simulation, and what the plan believes. */
export const THETA = Math.exp(0.14);
const EFFECT_DAYS = 14;
const MARGIN_SHARE = 0.35;

/** What one customer needs of one category. */
interface Need {
  readonly category: number;
  readonly distribution: GapDistribution;
  readonly chance: Random;
  lastDay: Day;
  /** Hazard lived since the last purchase, and how much of it brings the next: the same in every world of one seed. */
  lived: number;
  threshold: number;
  remindedOn: Day;
}

interface Customer {
  readonly id: number;
  readonly receiptCents: number;
  readonly needs: Need[];
  readonly messages: { readonly day: Day; readonly need: Need | null; readonly source: string }[];
}

/** A message that a policy sends: a need, or a campaign. */
export interface Sending {
  readonly customer: number;
  readonly source: string;
}

/**
 * Customers whose needs come back by log-normal gaps of their own, known to the plan, and who come sooner after a message by a known
 * hazard ratio. Chance is drawn for each purchase from the seed, so that two policies live through the same world and differ only by what
 * they send.
 */
export class SimulatedShop {
  readonly customers: Customer[] = [];
  readonly #campaigns: readonly CampaignRow[];
  day: Day;

  constructor(options: { seed: string; customers: number; start: Day; campaigns: readonly CampaignRow[] }) {
    this.day = options.start;
    this.#campaigns = options.campaigns;
    for (let id = 1; id <= options.customers; id++) {
      const random = seededRandom(`${options.seed} ${id}`);
      const count = 1 + random.integer(4);
      const needs = Array.from({ length: count }, (_, category): Need => {
        const distribution = { m: Math.log(25) + 0.7 * random.normal(), sd: 0.35 + 0.3 * random.next() };
        const chance = seededRandom(`${options.seed} ${id} ${category}`);
        const lastDay = options.start - 1 - random.integer(Math.ceil(Math.exp(distribution.m)));
        const lived = hazardUntil(distribution, options.start - lastDay);
        const threshold = lived + exponential(chance);
        return { category: category + 1, distribution, chance, lastDay, lived, threshold, remindedOn: 0 };
      });
      this.customers.push({
        id,
        receiptCents: 4000 * Math.exp(0.5 * random.normal()),
        needs,
        messages: [],
      });
    }
  }

  /** Lives the day: sends first, then buys what is due; returns the margin in cents that the messages truly add. */
  live(sendings: readonly Sending[]): number {
    let added = 0;
    for (const { customer, source } of sendings) added += this.#send(this.customers[customer - 1]!, source);
    for (const customer of this.customers) for (const need of customer.needs) this.#buy(need);
    this.day += 1;
    return added;
  }

  #send(customer: Customer, source: string): number {
    const need = customer.needs.find(({ category }) => source === `clock:${category}`) ?? null;
    const campaign = this.#campaigns.find(({ campaign_id: id }) => source === `campaign:${id}`);
    customer.messages.push({ day: this.day, need, source });
    if (need) {
      need.remindedOn = this.day;
      const stays = staying(need, this.day);
      return MARGIN_SHARE * customer.receiptCents * (stays - stays ** THETA);
    }
    return MARGIN_SHARE * customer.receiptCents * (campaign?.expected_uplift ?? 0);
  }

  #buy(need: Need): void {
    const silence = this.day - need.lastDay;
    const today = hazardUntil(need.distribution, silence + 1) - hazardUntil(need.distribution, silence);
    const isMoved = need.remindedOn > need.lastDay && this.day - need.remindedOn < EFFECT_DAYS;
    need.lived += today * (isMoved ? THETA : 1);
    if (need.lived < need.threshold) return;
    need.lastDay = this.day;
    need.lived = 0;
    need.threshold = exponential(need.chance);
  }

  /** What a plan of today depends on, as the product would load it. */
  inputs(pressure: Pressure): PlanInputs {
    const clocks = this.#upcoming();
    const audiences = this.#campaigns
      .filter(
        (campaign) =>
          campaign.ends_on >= isoFromDay(this.day) &&
          campaign.starts_on <= isoFromDay(this.day + HORIZON_DAYS - 1),
      )
      .map((campaign): CampaignAudience => ({ campaign, contactIds: this.customers.map(({ id }) => id) }));
    const candidates = gatherCandidates(clocks, audiences, new Set());
    const allowed = new Uint8Array(candidates.count).fill(1);
    for (const [contact, id] of candidates.contactIds.entries())
      for (let one = candidates.first[contact]!; one < candidates.first[contact + 1]!; one++)
        if (this.#wasReminded(this.customers[id - 1]!, candidates.sources[candidates.source[one]!]!.key))
          allowed[one] = 0;
    return {
      day: this.day,
      candidates,
      clocks,
      channels: [
        { channel: 'email', leadDays: 0, costCents: 0.1, closedBecause: () => null, limitFor: () => null },
      ],
      groups: groupsOf(pressure),
      marginShare: MARGIN_SHARE,
      logHazardRatio: () => Math.log(THETA),
      campaignUplift: (_campaign, _channel, stated) => stated,
      heldBackDays: () => 0,
      leaving: () => 0.0025,
      receiptCents: Float64Array.from(candidates.contactIds, (id) => this.customers[id - 1]!.receiptCents),
      allowed,
      preferred: new Int8Array(candidates.contactIds.length).fill(-1),
      stores: candidates.contactIds.map(() => null),
      units: candidates.contactIds.map((_, contact) => [contact]),
      fixed: this.#fixed(),
      wishedCaps: new Map(),
      campaignLimits: new Map(),
    };
  }

  #wasReminded(customer: Customer, source: string): boolean {
    const need = customer.needs.find(({ category }) => source === `clock:${category}`);
    if (need) return need.remindedOn > need.lastDay;
    return customer.messages.some((message) => message.source === source);
  }

  #fixed(): Map<number, FixedMessage[]> {
    return new Map(
      this.customers.map(({ id, messages }) => [
        id,
        messages.map(({ day, need }) => ({
          daysAhead: day - this.day,
          message: {
            messageClass: 'promotion',
            channel: 'email',
            kind: need ? 'clock' : 'campaign',
            tags: [],
          },
        })),
      ]),
    );
  }

  #upcoming(): UpcomingClocks {
    const all = this.customers.flatMap((customer) => customer.needs.map((need) => ({ customer, need })));
    const open = all
      .map((one) => ({ ...one, ...windowOf(one.need) }))
      .filter(({ from, to }) => from <= this.day + HORIZON_DAYS - 1 && to >= this.day);
    return {
      count: open.length,
      contactId: Float64Array.from(open, ({ customer }) => customer.id),
      categoryId: Int32Array.from(open, ({ need }) => need.category),
      dueFrom: Int32Array.from(open, ({ from }) => from),
      dueTo: Int32Array.from(open, ({ to }) => to),
      lastDay: Int32Array.from(open, ({ need }) => need.lastDay),
      probabilities: Float32Array.from(
        open.flatMap(({ need }) => ANCHOR_DAYS.map((ahead) => 1 - staying(need, this.day + ahead))),
      ),
      describe: () => {
        throw new Error('nobody reads the words of a simulation');
      },
    };
  }
}

/** Chance of no purchase in the 14 days after a day without a message, given none until then. */
function staying({ distribution, lastDay }: Need, day: Day): number {
  const silence = day - lastDay;
  return (
    gapSurvival(distribution, silence + EFFECT_DAYS) / Math.max(gapSurvival(distribution, silence), 1e-12)
  );
}

function windowOf({ distribution, lastDay }: Need): { from: Day; to: Day } {
  return {
    from: lastDay + Math.round(0.7 * Math.exp(distribution.m)),
    to: lastDay + Math.round(gapQuantile(distribution, 0.75)),
  };
}

const hazardUntil = (distribution: GapDistribution, silence: number): number =>
  -Math.log(Math.max(gapSurvival(distribution, silence), 1e-12));

const exponential = (random: Random): number => -Math.log(1 - random.next());

/** A campaign for everybody on some days. */
export function campaignOn(id: number, from: Day, days: number): CampaignRow {
  return {
    campaign_id: id,
    name: `Iniziativa ${id}`,
    class: 'promotion',
    starts_on: isoFromDay(from),
    ends_on: isoFromDay(from + days - 1),
    audience: { kind: 'everyone' },
    template_id: 1,
    subject: '',
    body: '',
    mode: 'suggest',
    announces_reduction: false,
    lowest_price_30_cents: null,
    expected_uplift: 0.02,
    cancelled_at: null,
    tags: [],
    max_messages: null,
    min_messages: null,
    budget_cents: null,
  };
}
