import { requireBusiness } from '../business/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { isoFromDay } from '../kernel/day.ts';
import { reasonInWords } from '../kernel/catalogue/reason.ts';
import { Failure } from '../kernel/failure.ts';
import type { Language } from '../kernel/language.ts';
import { withoutDay } from '../kernel/reason.ts';
import { findTemplate, rewriteUndecided } from '../rendering/actions.ts';
import { refuseMessages } from '../sending/actions.ts';
import type { CampaignCounts, CampaignRow, CampaignValues } from './queries.ts';
import * as queries from './queries.ts';
import { describeCampaign } from './rules.ts';
import type { Campaign, CampaignInput } from './schema.ts';

export { selectAudience, selectCampaignsBetween, selectCampaignTags, selectCampaignUse } from './queries.ts';
export type { CampaignRow } from './queries.ts';

/** Every campaign with its audience counted today and its messages by state. */
export async function listCampaigns(connection: Connection, today: Day): Promise<Campaign[]> {
  const state = await loadState(connection, today);
  const campaigns: Campaign[] = [];
  for (const row of await queries.selectCampaigns(connection))
    campaigns.push(await describe(connection, row, state, today));
  return campaigns;
}

export async function loadCampaign(
  connection: Connection,
  campaignId: number,
  today: Day,
): Promise<Campaign> {
  const row = await queries.selectCampaign(connection, campaignId);
  if (!row) throw new Failure('not_found', { status: 404 });
  return describe(connection, row, await loadState(connection, today), today);
}

/** How far the campaigns are, and what today's plan said of their people. */
interface CampaignState {
  readonly counts: ReadonlyMap<number, CampaignCounts>;
  readonly foreseen: ReadonlyMap<number, number>;
  readonly verdicts: readonly { campaign_id: number; reason: string; people: number }[];
}

async function loadState(connection: Connection, today: Day): Promise<CampaignState> {
  const counts = await queries.selectCampaignCounts(connection);
  const foreseen = await queries.selectForeseen(connection);
  return {
    counts: new Map(counts.map((row) => [row.campaign_id, row])),
    foreseen: new Map(foreseen.map((row) => [row.campaign_id, row.messages])),
    verdicts: await queries.selectVerdicts(connection, isoFromDay(today)),
  };
}

/** Reasons of one campaign with their people, whatever the day they name; most first. */
function leftOutOf({ verdicts }: CampaignState, campaignId: number, language: Language): Campaign['leftOut'] {
  const people = new Map<string, number>();
  for (const row of verdicts.filter((one) => one.campaign_id === campaignId)) {
    const reason = withoutDay(row.reason);
    people.set(reason, (people.get(reason) ?? 0) + row.people);
  }
  return [...people]
    .sort(([, one], [, other]) => other - one)
    .map(([reason, count]) => ({ sentence: reasonInWords(reason, language), count }));
}

/** Saves a new campaign; it proposes from the next plan on. Failures: `campaign_dates`, `campaign_over`, `campaign_fields`. */
export async function createCampaign(
  database: Database,
  input: CampaignInput,
  today: Day,
  now: Date,
): Promise<number> {
  refuseImpossible(input, today);
  const business = await requireBusiness(database);
  const template = await findTemplate(database, {
    purpose: 'promotion',
    channel: 'email',
    now,
    language: business.language,
    formOfAddress: business.formOfAddress,
  });
  return queries.insertCampaign(database, {
    ...valuesOf(input),
    template_id: template.templateId,
    created_at: now,
  });
}

/**
 * Changes a campaign; its undecided messages take the new words on, approved ones leave as they were approved. Failures as
 * those of `createCampaign`.
 */
export async function changeCampaign(
  database: Database,
  campaignId: number,
  input: CampaignInput,
  today: Day,
  now: Date,
): Promise<void> {
  refuseImpossible(input, today);
  await database.transaction(async (transaction) => {
    await queries.updateCampaign(transaction, campaignId, valuesOf(input));
    await rewriteUndecided(transaction, { campaignId }, now);
  });
}

/** Stops a campaign: nothing of it is proposed again and what has not left stays. */
export async function cancelCampaign(
  database: Database,
  campaignId: number,
  operatorId: number | null,
  now: Date,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await queries.markCancelled(transaction, campaignId, now);
    const open = await queries.selectOpenRecipients(transaction, campaignId);
    await refuseMessages(
      transaction,
      open.map((row) => ({ contactId: row.contact_id, messageId: row.message_id })),
      { reason: 'campaign_cancelled', operatorId, now },
    );
  });
}

function refuseImpossible(input: CampaignInput, today: Day): void {
  // The words of a campaign are put into a letter as they are: what looks like a field would arrive as it is written.
  const [field] = /\{[{%].*/.exec(`${input.subject}\n${input.text}`) ?? [];
  if (field !== undefined) throw new Failure('campaign_fields', { params: { field: field.slice(0, 40) } });
  if (input.endsOn < input.startsOn) throw new Failure('campaign_dates');
  if (input.endsOn < isoFromDay(today)) throw new Failure('campaign_over');
}

function valuesOf(input: CampaignInput): CampaignValues {
  return {
    name: input.name,
    class: input.class,
    starts_on: input.startsOn,
    ends_on: input.endsOn,
    audience: input.audience,
    subject: input.subject,
    body: input.text,
    mode: input.mode,
    announces_reduction: input.announcesReduction,
    lowest_price_30_cents: input.lowestPrice30Cents,
    tags: input.tags,
    max_messages: input.maxMessages,
    min_messages: input.minMessages,
    budget_cents: input.budgetCents,
  };
}

async function describe(
  connection: Connection,
  row: CampaignRow,
  state: CampaignState,
  today: Day,
): Promise<Campaign> {
  const { language } = await requireBusiness(connection);
  const counts = state.counts.get(row.campaign_id);
  const categoryNames =
    row.audience.kind === 'buyers'
      ? await queries.selectCategoryNames(connection, row.audience.categoryIds)
      : [];
  return {
    campaignId: row.campaign_id,
    name: row.name,
    class: row.class,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    audience: row.audience,
    subject: row.subject,
    text: row.body,
    mode: row.mode,
    announcesReduction: row.announces_reduction,
    lowestPrice30Cents: row.lowest_price_30_cents,
    tags: row.tags,
    maxMessages: row.max_messages,
    minMessages: row.min_messages,
    budgetCents: row.budget_cents,
    isCancelled: row.cancelled_at !== null,
    audienceCount: await queries.countReachable(connection, row.audience),
    sentence: describeCampaign({
      categoryNames,
      startsOn: row.starts_on,
      endsOn: row.ends_on,
      language,
      today,
    }),
    messages: {
      planned: counts?.planned ?? 0,
      approved: counts?.approved ?? 0,
      sent: counts?.sent ?? 0,
      withheld: counts?.withheld ?? 0,
      later: state.foreseen.get(row.campaign_id) ?? 0,
    },
    leftOut: leftOutOf(state, row.campaign_id, language),
  };
}
