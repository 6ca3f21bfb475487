import { readBinary } from '../database/binary-read.ts';
import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';
import { channels } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { dayOfInstant, instantOfDay, isoFromDay } from '../kernel/day.ts';
import type { CountedMessage, Pressure } from '../pressure/rules.ts';
import { countedClasses, countedMessageOf, daysCounted } from '../pressure/rules.ts';
import type { Candidates } from './candidates.ts';
import type { FixedMessage } from './inputs.ts';

/** Days for which a refusal of a person counts: the shopkeeper said no to this need, not for ever. */
const REFUSAL_DAYS = 14;

/** A reminder older than this is forgotten: who let so much time go by may be reminded again. */
const REMINDER_DAYS = 365;

/** What the candidates' contacts had before. */
export interface PastMessages {
  /** Messages that count against the caps, by contact. */
  readonly fixed: Map<number, FixedMessage[]>;
  /** Day on which each candidate's need was last reminded of; 0: never within a year. */
  readonly remindedOn: Int32Array;
  /** 1 where a person refused the candidate's need in the last days. */
  readonly isRefused: Uint8Array;
  /** 1 where the customer was called about it in the last days, again and again, and did not answer. */
  readonly isUnreached: Uint8Array;
}

interface PastScope {
  readonly day: Day;
  readonly timeZone: string;
  readonly pressure: Pressure;
  /** Labels of every campaign that ever was, by its number. */
  readonly tagsOf: ReadonlyMap<number, readonly string[]>;
  /** Only of these contacts; null: of everybody. */
  readonly contactIds: readonly number[] | null;
  /** The longest span that any customer's own wish looks back. */
  readonly daysWished: number;
  /** Contacts whose messages count for another one, of the same household. */
  readonly standsFor: ReadonlyMap<number, number>;
}

/**
 * Reads what reached the candidates' contacts, or was kept from them by lot, and what is approved and waits or is in somebody's hands; what
 * ended there without reaching them was not had. Read once for everybody
 * by the index message_pressure, whose columns are all that is read; of some contacts by their key.
 */
export async function loadPastMessages(
  connection: Connection,
  candidates: Candidates,
  scope: PastScope,
): Promise<PastMessages> {
  const reader = new PastReader(candidates, scope);
  await reader.read(connection);
  return reader.found;
}

class PastReader {
  readonly found: PastMessages;
  readonly #candidates: Candidates;
  readonly #scope: PastScope;
  readonly #contacts: ReadonlyMap<number, number>;
  readonly #localDay: (milliseconds: number) => Day;
  readonly #messages = new Map<string, CountedMessage>();

  constructor(candidates: Candidates, scope: PastScope) {
    this.#candidates = candidates;
    this.#scope = scope;
    this.#contacts = new Map(candidates.contactIds.map((id, contact) => [id, contact]));
    this.#localDay = localDays(scope.day, scope.timeZone);
    this.found = {
      fixed: new Map(),
      remindedOn: new Int32Array(candidates.count),
      isRefused: new Uint8Array(candidates.count),
      isUnreached: new Uint8Array(candidates.count),
    };
  }

  async read({ raw }: Connection): Promise<void> {
    const { day, contactIds, timeZone, standsFor } = this.#scope;
    const ids = contactIds && [...contactIds, ...standsFor.keys()];
    const mine = ids === null ? 'true' : `contact_id = any('{${ids.map(Number).join()}}'::bigint[])`;
    const since = instantOfDay(day - REMINDER_DAYS + 1, '00:00', timeZone).toISOString();
    const columns = (at: string): string => `select contact_id, ${at}, ${classNumber}, ${channelNumber},
      coalesce(campaign_id, 0), coalesce(category_id, 0) from message`;
    const counted = `class in (${countedClasses.map((name) => `'${name}'`).join()})`;
    await readBinary(
      raw,
      `${columns('extract(epoch from released_at)::float8')} where channel in (${channels.map((name) => `'${name}'`).join()})
        and released_at >= '${since}' and status not in ('expired', 'cancelled', 'refused') and ${counted} and ${mine}`,
      (fields) => {
        const id = fields.int8();
        this.#take(id, this.#localDay(fields.float8() * 1000), fields);
      },
    );
    await readBinary(
      raw,
      `${columns('plan_day')} where status in ('approved', 'sending') and released_at is null and ${counted} and ${mine}`,
      // Approved and not gone: it takes today's place, or that of its day when that is still to come.
      (fields) => this.#take(fields.int8(), Math.max(fields.date(), day), fields),
    );
    await readBinary(
      raw,
      `select contact_id, coalesce(campaign_id, 0), coalesce(category_id, 0), plan_day = '${isoFromDay(day)}' and status = 'refused' and reason <> 'campaign_cancelled', status = 'refused' from message
        where (status = 'refused' or (status = 'expired' and reason = 'errand.no_answer')) and plan_day > '${isoFromDay(day - REFUSAL_DAYS)}' and ${mine}`,
      (fields) => {
        const contactId = fields.int8();
        const candidate = this.#candidateOf(contactId, fields.int4(), fields.int4());
        // Who said "not this person today" does not want to find another message to the same person a minute later.
        if (fields.boolean() && this.#contacts.has(contactId))
          this.#fix(contactId, { daysAhead: 0, message: null });
        const isRefused = fields.boolean();
        if (candidate !== null) this.found[isRefused ? 'isRefused' : 'isUnreached'][candidate] = 1;
      },
    );
  }

  #take(contactId: number, day: Day, fields: { int4(): number }): void {
    const messageClass = countedClasses[fields.int4() - 1] ?? 'promotion';
    const channel = channels[fields.int4() - 1] ?? 'email';
    const campaignId = fields.int4();
    const categoryId = fields.int4();
    const owner = this.#scope.standsFor.get(contactId) ?? contactId;
    if (!this.#contacts.has(owner)) return;
    const candidate = this.#candidateOf(contactId, campaignId, categoryId);
    if (candidate !== null)
      this.found.remindedOn[candidate] = Math.max(this.found.remindedOn[candidate]!, day);
    const daysAhead = day - this.#scope.day;
    if (-daysAhead >= Math.max(daysCounted(this.#scope.pressure, channel), this.#scope.daysWished)) return;
    const fixed = { daysAhead, message: this.#messageOf(messageClass, channel, campaignId) };
    this.#fix(owner, fixed);
  }

  #fix(contactId: number, fixed: FixedMessage): void {
    const own = this.found.fixed.get(contactId);
    if (own) own.push(fixed);
    else this.found.fixed.set(contactId, [fixed]);
  }

  /** The candidate that proposes the same again. */
  #candidateOf(contactId: number, campaignId: number, categoryId: number): number | null {
    const { first, source, sources } = this.#candidates;
    const contact = this.#contacts.get(contactId);
    if (contact === undefined) return null;
    for (let candidate = first[contact]!; candidate < first[contact + 1]!; candidate++) {
      const { campaign, categoryId: category } = sources[source[candidate]!]!;
      if (campaign ? campaign.campaign_id === campaignId : campaignId === 0 && category === categoryId)
        return candidate;
    }
    return null;
  }

  #messageOf(
    messageClass: (typeof countedClasses)[number],
    channel: Channel,
    campaignId: number,
  ): CountedMessage {
    const name = `${messageClass} ${channel} ${campaignId}`;
    const known = this.#messages.get(name);
    if (known) return known;
    const made = countedMessageOf({
      class: messageClass,
      channel,
      campaign_id: campaignId === 0 ? null : campaignId,
      tags: this.#scope.tagsOf.get(campaignId) ?? [],
    });
    this.#messages.set(name, made);
    return made;
  }
}

const classNumber = `array_position(array[${countedClasses.map((name) => `'${name}'`).join()}], class)`;
const channelNumber = `coalesce(array_position(array[${channels.map((name) => `'${name}'`).join()}], channel), 1)`;

/** Beginnings of the days of a year: to work them out takes longer than the plan of one contact, and they are the same all day. */
let knownStarts: { readonly name: string; readonly starts: Float64Array } | null = null;

function startsOfDays(first: Day, timeZone: string): Float64Array {
  const name = `${first} ${timeZone}`;
  if (knownStarts?.name !== name)
    knownStarts = {
      name,
      starts: Float64Array.from({ length: REMINDER_DAYS + 4 }, (_, day) =>
        instantOfDay(first + day, '00:00', timeZone).getTime(),
      ),
    };
  return knownStarts.starts;
}

/** The local day of instants of the last year and a little after, by the beginnings of its days. */
function localDays(today: Day, timeZone: string): (milliseconds: number) => Day {
  const first = today - REMINDER_DAYS - 1;
  const starts = startsOfDays(first, timeZone);
  return (milliseconds) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= milliseconds) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && low < starts.length) return first + low - 1;
    return dayOfInstant(new Date(milliseconds), timeZone);
  };
}
