import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import type { TestApplication } from '../../test/support/application.ts';
import type { MessageWish } from '../../test/support/people.ts';
import { addCategory, addMessage, addPerson } from '../../test/support/people.ts';
import { saveSetting } from '../business/actions.ts';
import { defaultPlanSettings } from '../business/actions.ts';
import { cancelCampaign, createCampaign } from '../campaigns/actions.ts';
import { campaignInputSchema } from '../campaigns/schema.ts';
import { suppressAddress } from '../consent/actions.ts';
import { savePressure } from '../pressure/actions.ts';
import { defaultPressure } from '../pressure/rules.ts';
import { dayFromIso, instantOfDay } from '../kernel/day.ts';
import {
  approveMessages,
  editMessage,
  expireMessages,
  refuseMessages,
  sendDue,
  stopMessages,
  undoRefusal,
} from './actions.ts';
import { claim } from './queries.ts';
import type { ChannelOutcome } from './rules.ts';
import type { Channel, SendSummary } from './send.ts';

const MORNING = new Date('2026-11-24T10:00:00Z'); // eleven in Rome
const TODAY = '2026-11-24';

/** A channel that does what it is told and remembers to whom it wrote. */
class ScriptedChannel implements Channel {
  readonly written: string[] = [];
  readonly contents: string[] = [];
  answer: (address: string) => ChannelOutcome | Promise<ChannelOutcome> = () => ({
    kind: 'accepted',
    externalId: '1',
    response: '250 ok',
  });

  async send(message: Parameters<Channel['send']>[0]): Promise<ChannelOutcome> {
    this.written.push(message.address);
    this.contents.push(message.content.text);
    return this.answer(message.address);
  }

  close(): void {
    this.written.push('closed');
  }
}

/** A shop in which nobody is in control, so that whoever may be written to is. */
async function openShop(): Promise<TestApplication & { readonly channel: ScriptedChannel }> {
  const shop = await createTestApplication({ now: MORNING });
  return Object.assign(shop, { channel: new ScriptedChannel() });
}

const exempt = (shop: TestApplication) => shop.database.raw`update contact set is_exempt_from_control = true`;

describe('sending', async () => {
  const shop = await openShop();
  const { database, clock, channel } = shop;
  const { raw } = database;
  const send = (options: { channel?: Channel; now?: Date } = {}): Promise<SendSummary> =>
    sendDue(shop, options.now ?? clock.now(), { limit: 50, channel: options.channel ?? channel });
  const stateOf = async ({ messageId }: { messageId: number }) => {
    const [row] = await raw<Record<string, unknown>[]>`
      select status, reason, assignment, assigned_by as "assignedBy", released_at is not null as "isReleased" from message where message_id = ${messageId}`;
    return row;
  };
  let people = 0;
  /** One more person with one approved message, and the way to that person. */
  async function approved(wish: Partial<MessageWish> & { person?: Parameters<typeof addPerson>[1] } = {}) {
    people += 1;
    const email = `uno${people}@clienti.example.it`;
    const { person, ...message } = wish;
    const contactId = message.contactId ?? (await addPerson(shop, { email, ...person }));
    await exempt(shop);
    const reference = await addMessage(shop, { planDay: TODAY, ...message, contactId });
    await approveMessages(database, [reference], null, clock.now());
    return { ...reference, email };
  }
  const queueOf = async ({ messageId }: { messageId: number }) => {
    const [row] = await raw<{ attempts: number; not_before: Date; lease_until: Date | null }[]>`
      select attempts, not_before, lease_until from send_queue where message_id = ${messageId}`;
    return row;
  };

  it('writes once to who was approved, keeps what left and settles', async () => {
    const message = await approved();
    expect(await send()).toMatchObject({ sent: 1 });
    expect(channel.written.filter((address) => address === message.email)).toHaveLength(1);
    expect(await stateOf(message)).toEqual({
      status: 'sent',
      reason: '',
      assignment: 'treated',
      assignedBy: 'exempt',
      isReleased: true,
    });
    const [row] = await raw<{ frozen: { text: string }; events: string[] }[]>`
      select frozen, (select array_agg(kind order by message_event_id) from message_event e where e.message_id = m.message_id) as events
      from message m where message_id = ${message.messageId}`;
    expect(row?.frozen.text).toBe(channel.contents.at(-1));
    expect(row?.events).toEqual(['approved', 'attempt', 'accepted']);
    expect(await queueOf(message)).toBeUndefined();
    expect(await send()).toEqual({
      sent: 0,
      withheld: 0,
      cancelled: 0,
      failed: 0,
      unknown: 0,
      retried: 0,
      handed: 0,
    });
  });

  it('never closes a channel that was lent to it', () => {
    expect(channel.written).not.toContain('closed');
  });

  describe('takes a last look', () => {
    const looks: [string, string, (message: { contactId: number; email: string }) => Promise<unknown>][] = [
      ['the consent was withdrawn past the rules', 'consent.marketing_withdrawn', ({ contactId }) => raw`update consent_state set state = 'withdrawn' where contact_id = ${contactId} and purpose = 'marketing'`],
      ['the address bounced', 'address.unreachable', ({ contactId }) => raw`update contact_identity set unreachable_at = now() where contact_id = ${contactId}`],
      ['the address went', 'address.missing', ({ contactId }) => raw`delete from contact_identity where contact_id = ${contactId}`],
      ['the address is no longer confirmed', 'address.unverified', ({ contactId }) => raw`update contact_identity set verified_at = null where contact_id = ${contactId}`],
      ['the address was suppressed', 'suppression.address', ({ email }) => database.transaction((transaction) => suppressAddress(transaction, { kind: 'email', value: email }, 'complaint', shop.secretKey, clock.now()))],
      ['the person turned out to be a child', 'age.under_14', ({ contactId }) => raw`update contact set birth_date = '2015-01-01' where contact_id = ${contactId}`],
      ['another message reached the person today', 'caps.one_a_day', async ({ contactId }) => {
        const other = await addMessage(shop, { contactId, planDay: TODAY, source: 'campaign:99' });
        await raw`update message set status = 'withheld', released_at = ${clock.now()} where message_id = ${other.messageId}`;
      }],
      ['the caps were used up by another campaign', 'caps.reached?max=1&days=14', async ({ contactId }) => {
        const other = await addMessage(shop, { contactId, planDay: '2026-11-15', source: 'campaign:99' });
        await raw`update message set status = 'sent', released_at = '2026-11-15T10:00:00Z' where message_id = ${other.messageId}`;
      }],
    ]; // prettier-ignore
    it.each(looks)('and stops when %s: %s', async (_what, reason, change) => {
      const message = await approved();
      await change(message);
      expect(await send()).toMatchObject({ sent: 0, cancelled: 1 });
      expect(channel.written).not.toContain(message.email);
      expect(await stateOf(message)).toMatchObject({
        status: 'cancelled',
        reason,
        assignment: null,
        isReleased: false,
      });
    });

    it('and stops when the thing was bought meanwhile', async () => {
      const { categoryId, productId } = await addCategory(shop, 'Caffè');
      const contactId = await addPerson(shop);
      const facts = { kind: 'clock', clock: { lastDay: dayFromIso('2026-10-20'), typicalGapDays: 30 } };
      const buy = async (day: string, receipt: number): Promise<void> => {
        await raw`insert into sale_line values (${contactId}, ${receipt}, 1, ${categoryId}, ${productId}, ${day}, 1, 900)`;
        await raw`insert into clock select (jsonb_populate_record(null::clock, ${raw.json({ contact_id: contactId, category_id: categoryId, first_day: '2026-10-20', last_day: day, purchase_count: 1, log_gap_sum: 0, discounted_gap_count: 0, discounted_log_gap_sum: 0, discounted_log_gap_square_sum: 0, decayed_15: 1, decayed_30: 1, decayed_60: 1, decayed_120: 1, decayed_240: 1, quantity_sum: 1, last_quantity: 1, first_visit_index: 1, last_visit_index: 1, recent_gaps: [] })})).*
          on conflict (contact_id, category_id) do update set last_day = excluded.last_day`; // prettier-ignore
      };
      await buy('2026-10-20', 1);
      const message = await approved({ contactId, source: `clock:${categoryId}`, categoryId, facts });
      await buy('2026-11-23', 2);
      expect(await send()).toMatchObject({ cancelled: 1 });
      expect(await stateOf(message)).toMatchObject({ status: 'cancelled', reason: 'need.bought' });
    });

    it('and stops when the campaign was cancelled', async () => {
      const input = campaignInputSchema.parse({ name: 'Prova', startsOn: TODAY, endsOn: TODAY, audience: { kind: 'everyone' }, subject: 'a', text: 'b' });
      const campaignId = await createCampaign(database, input, dayFromIso(TODAY), clock.now());
      const first = await approved({ campaignId });
      const second = await approved({ campaignId });
      await cancelCampaign(database, campaignId, null, clock.now());
      expect(await stateOf(first)).toMatchObject({ status: 'refused', reason: 'campaign_cancelled' });
      await undoRefusal(database, second, clock.now());
      await approveMessages(database, [second], null, clock.now());
      expect(await send()).toMatchObject({ sent: 0, cancelled: 1 });
      expect(await stateOf(second)).toMatchObject({ status: 'cancelled', reason: 'campaign.cancelled' });
    }); // prettier-ignore
  });

  describe('settles', () => {
    it('a temporary refusal by another attempt later, still as the same message', async () => {
      const message = await approved();
      channel.answer = () => ({ kind: 'temporary', detail: '451 4.2.1 later', retryAfterSeconds: null });
      expect(await send()).toMatchObject({ retried: 1 });
      expect(await stateOf(message)).toMatchObject({
        status: 'approved',
        reason: 'send.temporary',
        assignment: 'treated',
        isReleased: true,
      });
      expect(await queueOf(message)).toEqual({
        attempts: 1,
        not_before: new Date(MORNING.getTime() + 60_000),
        lease_until: null,
      });
      clock.advance(59_000);
      expect(await send()).toMatchObject({ retried: 0 });
      clock.advance(1_000);
      expect(await send()).toMatchObject({ retried: 1 });
      expect((await queueOf(message))?.not_before).toEqual(new Date(clock.now().getTime() + 120_000));
      channel.answer = () => ({ kind: 'accepted', externalId: '', response: '250' });
      clock.advance(120_000);
      expect(await send()).toMatchObject({ sent: 1 });
      const [row] = await raw<{ released_at: Date; events: string[] }[]>`
        select released_at, (select array_agg(kind order by message_event_id) from message_event e where e.message_id = m.message_id) as events
        from message m where message_id = ${message.messageId}`;
      expect(row?.released_at).toEqual(MORNING);
      expect(row?.events).toEqual(['approved', 'attempt', 'attempt', 'attempt', 'accepted']);
    });

    it('an address that does not exist: marked, suppressed, and never tried again', async () => {
      const message = await approved();
      channel.answer = () => ({
        kind: 'address_refused',
        detail: '550 5.1.1 no such user',
        doesNotExist: true,
      });
      expect(await send()).toMatchObject({ failed: 1 });
      expect(await stateOf(message)).toMatchObject({ status: 'failed', reason: 'send.address_refused' });
      const [identity] =
        await raw`select unreachable_reason from contact_identity where value = ${message.email}`;
      expect(identity).toEqual({ unreachable_reason: '550 5.1.1 no such user' });
      expect(await raw`select from suppression where reason = 'hard_bounce'`).toHaveLength(1);
      const again = await approved({
        contactId: message.contactId,
        source: 'campaign:2',
        messageClass: 'service',
      });
      channel.answer = () => ({ kind: 'accepted', externalId: '', response: '250' });
      expect(await send()).toMatchObject({ cancelled: 1, sent: 0 });
      expect(await stateOf(again)).toMatchObject({ reason: 'suppression.address' });
    });

    it('a refusal of ours without blaming the address', async () => {
      const message = await approved();
      channel.answer = () => ({ kind: 'refused', detail: '550 5.7.1 content' });
      expect(await send()).toMatchObject({ failed: 1 });
      expect(await stateOf(message)).toMatchObject({ status: 'failed', reason: 'send.refused' });
      const [identity] =
        await raw`select unreachable_at from contact_identity where value = ${message.email}`;
      expect(identity).toEqual({ unreachable_at: null });
    });

    it('what may have arrived as unknown, which is final and counts like a send', async () => {
      const message = await approved();
      channel.answer = () => ({ kind: 'ambiguous', detail: 'socket closed' });
      expect(await send()).toMatchObject({ unknown: 1 });
      expect(await stateOf(message)).toMatchObject({
        status: 'unknown',
        reason: 'send.ambiguous',
        isReleased: true,
      });
      channel.answer = () => ({ kind: 'accepted', externalId: '', response: '250' });
      clock.advance(600_000);
      expect(await send()).toMatchObject({ sent: 0 });
      const next = await approved({ contactId: message.contactId, source: 'campaign:2' });
      expect(await send()).toMatchObject({ cancelled: 1 });
      expect(await stateOf(next)).toMatchObject({ reason: 'caps.one_a_day' });
    });

    it('one whose words cannot be put together as failed, and the others still leave', async () => {
      const broken = await approved();
      const whole = await approved();
      await raw`update message set template_id = null, approved_body = null where message_id = ${broken.messageId}`;
      expect(await send()).toMatchObject({ failed: 1, sent: 1 });
      expect(await stateOf(broken)).toMatchObject({
        status: 'failed',
        reason: 'send.content',
        isReleased: false,
      });
      expect(await stateOf(whole)).toMatchObject({ status: 'sent' });
      expect(await queueOf(broken)).toBeUndefined();
    });

    it('those under way before an error of ours is thrown', async () => {
      const messages = [];
      for (let number = 0; number < 8; number += 1) messages.push(await approved());
      let calls = 0;
      channel.answer = async () => {
        calls += 1;
        if (calls === 1) throw new Error('a bug of the channel');
        await new Promise((resolve) => setTimeout(resolve, 30));
        return { kind: 'accepted', externalId: '', response: '250' };
      };
      await expect(send()).rejects.toThrow('a bug of the channel');
      const states = await raw<
        { status: string }[]
      >`select status from message where message_id = any(${messages.map(({ messageId }) => messageId)})`;
      const count = (status: string): number => states.filter((row) => row.status === status).length;
      expect([count('sent'), count('sending'), count('approved')]).toEqual([4, 1, 3]);
      channel.answer = () => ({ kind: 'accepted', externalId: '', response: '250' });
      clock.advance(5 * 60_000 + 1);
      expect(await send()).toMatchObject({ unknown: 1, sent: 3 });
    });
  });

  describe('claims', () => {
    it('a message for one worker only, however many ask', async () => {
      const messages = [];
      for (let number = 0; number < 12; number += 1) messages.push(await approved());
      channel.written.length = 0;
      const summaries = await Promise.all(
        [1, 2, 3, 4].map(() => sendDue(shop, clock.now(), { limit: 5, channel })),
      );
      expect(summaries.reduce((sum, { sent }) => sum + sent, 0)).toBe(12);
      expect([...channel.written].sort()).toEqual(messages.map(({ email }) => email).sort());
    });

    it('again after the lease ran out, and a worker that wakes up late leaves the message to the next one', async () => {
      const message = await approved();
      const late = {
        now: clock.now(),
        leaseUntil: new Date(clock.now().getTime() + 60_000),
        owner: 'late',
        channels: ['email'],
        limit: 5,
      };
      expect(await claim(database, late)).toMatchObject([{ messageId: message.messageId, attempts: 1 }]);
      expect(await send()).toMatchObject({ sent: 0 });
      clock.advance(60_001);
      let wake: () => void = () => undefined;
      const asleep = new Promise<void>((resolve) => (wake = resolve));
      const slow = new ScriptedChannel();
      slow.answer = async () => {
        // While the second worker is at it, the lease of its batch runs out and a third one looks around.
        clock.advance(4 * 60_000);
        expect(await send()).toMatchObject({ unknown: 0, sent: 0 });
        wake();
        return { kind: 'accepted', externalId: '', response: '250' };
      };
      expect(await send({ channel: slow })).toMatchObject({ sent: 1 });
      await asleep;
      expect(await stateOf(message)).toMatchObject({ status: 'sent' });
    });

    it('nothing back from a worker that is alive: its row in the queue stays its own', async () => {
      const message = await approved();
      const [mine] = await claim(database, {
        now: clock.now(),
        leaseUntil: new Date(clock.now().getTime() + 1),
        owner: 'first',
        channels: ['email'],
        limit: 5,
      });
      clock.advance(10);
      const other = new ScriptedChannel();
      other.answer = async () => {
        // The first worker, which claimed earlier, only now gets round to the message.
        const { openRelease, releaseOne } = await import('./release.ts');
        const context = await openRelease(database, {
          secretKey: shop.secretKey,
          publicUrl: null,
          hasSender: true,
          now: clock.now(),
          leaseEnd: () => new Date(clock.now().getTime() + 60_000),
        });
        const release = await database.transaction((transaction) =>
          releaseOne(transaction, mine ?? { contactId: 0, messageId: 0, attempts: 0 }, context),
        );
        expect(release.kind).toBe('gone');
        expect(await queueOf(message)).toMatchObject({ attempts: 2 });
        return { kind: 'temporary', detail: '451', retryAfterSeconds: null };
      };
      expect(await send({ channel: other })).toMatchObject({ retried: 1, unknown: 0 });
      expect(await stateOf(message)).toMatchObject({ status: 'approved' });
      clock.advance(120_000);
      expect(await send()).toMatchObject({ sent: 1 });
    });

    it('what a crash left behind as unknown, a service message as one more attempt', async () => {
      const promotion = await approved();
      const service = await approved({ messageClass: 'service' });
      for (const { messageId } of [promotion, service]) {
        await raw`update message set status = 'sending', released_at = ${clock.now()} where message_id = ${messageId}`;
        await raw`update send_queue set lease_until = ${new Date(clock.now().getTime() + 1)}, attempts = 1 where message_id = ${messageId}`;
      }
      expect(await send(), 'the lease still holds').toMatchObject({ unknown: 0, sent: 0 });
      clock.advance(10);
      expect(await send()).toMatchObject({ unknown: 1, sent: 1 });
      expect(await stateOf(promotion)).toMatchObject({ status: 'unknown', reason: 'send.crash' });
      expect(await stateOf(service)).toMatchObject({ status: 'sent' });
    });

    it('nothing while no mail server is known: messages wait', async () => {
      const message = await approved();
      expect(await sendDue(shop, clock.now(), { limit: 50 })).toMatchObject({ sent: 0 });
      expect(await queueOf(message)).toMatchObject({ attempts: 0 });
      expect(await send()).toMatchObject({ sent: 1 });
    });
  });

  describe('lets a person decide until the last moment', () => {
    it('takes approvals back, refuses, and undoes on the same day', async () => {
      const message = await approved();
      expect(await stopMessages(database, [message], clock.now())).toBe(1);
      expect(await stateOf(message)).toMatchObject({ status: 'planned' });
      expect(await queueOf(message)).toBeUndefined();
      const no = { reason: 'refused.too_early', operatorId: null, now: clock.now() };
      expect(await database.transaction((transaction) => refuseMessages(transaction, [message], no))).toBe(1);
      expect(await database.transaction((transaction) => refuseMessages(transaction, [message], no))).toBe(0);
      expect(await approveMessages(database, [message], null, clock.now())).toBe(0);
      expect(await undoRefusal(database, message, new Date('2026-11-25T08:00:00Z'))).toBe(0);
      expect(await undoRefusal(database, message, clock.now())).toBe(1);
      expect(await stateOf(message)).toMatchObject({ status: 'planned', reason: '' });
    });

    it('and does not give a day two messages by an undo', async () => {
      const message = await approved();
      const no = { reason: 'refused.other', operatorId: null, now: clock.now() };
      await database.transaction((transaction) => refuseMessages(transaction, [message], no));
      await addMessage(shop, { contactId: message.contactId, planDay: TODAY, source: 'campaign:2' });
      expect(await undoRefusal(database, message, clock.now())).toBe(0);
    });

    it('but not once the message has left', async () => {
      const message = await approved();
      await send();
      await expect(editMessage(database, message, { body: 'Altre parole' })).rejects.toMatchObject({
        code: 'message_left',
      });
      expect(await stopMessages(database, [message], clock.now())).toBe(0);
      const no = { reason: 'refused.other', operatorId: null, now: clock.now() };
      expect(await database.transaction((transaction) => refuseMessages(transaction, [message], no))).toBe(0);
    });

    it('and lets what is past its time expire, once', async () => {
      const message = await approved();
      const undecided = await addMessage(shop, {
        contactId: message.contactId,
        planDay: TODAY,
        source: 'campaign:2',
      });
      const end = instantOfDay(dayFromIso(TODAY) + 2, '17:30', 'Europe/Rome');
      expect(await expireMessages(database, new Date(end.getTime() - 1))).toEqual({
        expired: 0,
        lapsed: expect.any(Number) as number,
      });
      expect(await expireMessages(database, end)).toMatchObject({ expired: 1 });
      expect(await expireMessages(database, end)).toEqual({ expired: 0, lapsed: 0 });
      expect(await stateOf(message)).toMatchObject({ status: 'expired', reason: 'send.expired' });
      expect(await stateOf(undecided)).toMatchObject({ status: 'lapsed' });
      expect(await queueOf(message)).toBeUndefined();
    });
  });
});

describe('sending hours', async () => {
  const shop = await openShop();
  const { database, channel } = shop;
  const at = (iso: string): Date => new Date(iso);

  it.each([
    ['before them', '2026-11-24T09:29:00Z', 0, '2026-11-24T09:30:00Z'],
    ['at their first minute', '2026-11-24T09:30:00Z', 1, null],
    ['after them', '2026-11-24T16:30:00Z', 0, '2026-11-25T09:30:00Z'],
    ['on the night when an hour is skipped', '2026-03-29T00:59:00Z', 0, '2026-03-29T08:30:00Z'],
    ['on the evening before it', '2026-03-28T20:00:00Z', 0, '2026-03-29T08:30:00Z'],
    ['on the night when an hour is doubled', '2026-10-25T01:30:00Z', 0, '2026-10-25T09:30:00Z'],
    ['on the evening before that', '2026-10-24T20:00:00Z', 0, '2026-10-25T09:30:00Z'],
  ])('%s (%s) let %d leave', async (_when, now, sent, next) => {
    shop.clock.moveTo(at(now));
    const contactId = await addPerson(shop, { consentedAt: at('2026-01-10T09:00:00Z') });
    await exempt(shop);
    const message = await addMessage(shop, { contactId, planDay: '2026-01-01', days: 360 });
    await database.raw`update message set send_after = ${at('2026-01-01T00:00:00Z')} where message_id = ${message.messageId}`;
    await approveMessages(database, [message], null, shop.clock.now());
    expect((await sendDue(shop, shop.clock.now(), { limit: 5, channel })).sent).toBe(sent);
    const queue = await database.raw<
      { not_before: Date }[]
    >`select not_before from send_queue where message_id = ${message.messageId}`;
    expect(queue).toEqual(next === null ? [] : [{ not_before: at(next) }]);
    await database.raw`delete from send_queue`;
  });

  it('do not hold back a service message', async () => {
    shop.clock.moveTo(at('2026-11-24T21:00:00Z'));
    const message = await addMessage(shop, {
      contactId: await addPerson(shop),
      planDay: TODAY,
      messageClass: 'service',
    });
    await approveMessages(database, [message], null, shop.clock.now());
    expect((await sendDue(shop, shop.clock.now(), { limit: 5, channel })).sent).toBe(1);
  });
});

describe('caps', async () => {
  const shop = await openShop();
  const { database, clock, channel } = shop;

  it('are never exceeded, whatever the order of plans, approvals, hours and workers', async () => {
    const everything = { channels: [], classes: [], kinds: [], tags: [] };
    const caps = [
      { ...everything, max: 2, days: 14 },
      { ...everything, max: 3, days: 90 },
    ];
    const rules = { ...defaultPressure, caps, careShare: 0 };
    await savePressure(database, rules, { now: clock.now(), operatorId: null });
    const anyHistory = fc.array(
      fc.record({
        day: fc.integer({ min: 0, max: 40 }),
        messageClass: fc.constantFrom('promotion', 'promotion', 'care'),
        fails: fc.constantFrom(null, null, 'temporary' as const, 'ambiguous' as const),
      }),
      { minLength: 2, maxLength: 9 },
    );
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const contactId = await addPerson(shop);
        await exempt(shop);
        const start = dayFromIso('2026-06-01');
        for (const day of [...new Set(history.map((entry) => entry.day))].sort((a, b) => a - b)) {
          const due = history.filter((entry) => entry.day === day);
          clock.moveTo(instantOfDay(start + day, '11:00', 'Europe/Rome'));
          for (const [index, { messageClass }] of due.entries()) {
            const message = await addMessage(shop, { contactId, planDay: '2026-06-01', days: 60, source: `campaign:${day}-${index}`, messageClass });
            await approveMessages(database, [message], null, clock.now());
          }
          const fails = due[0]?.fails ?? null;
          channel.answer = () => (fails === null ? { kind: 'accepted', externalId: '', response: '' } : fails === 'temporary' ? { kind: fails, detail: '', retryAfterSeconds: null } : { kind: fails, detail: '' });
          await Promise.all([1, 2].map(() => sendDue(shop, clock.now(), { limit: 3, channel })));
        }
        const released = await database.raw<{ day: number }[]>`
          select (released_at at time zone 'Europe/Rome')::date - '2026-06-01'::date as day from message
          where contact_id = ${contactId} and released_at is not null and status not in ('expired', 'cancelled', 'refused') order by 1`;
        const days = released.map(({ day }) => day);
        for (const day of days) {
          const within = (span: number): number => days.filter((other) => other > day - span && other <= day).length;
          expect(within(1), days.join()).toBeLessThanOrEqual(1);
          for (const cap of caps) expect(within(cap.days), days.join()).toBeLessThanOrEqual(cap.max);
        }
      }),
      { numRuns: 4 },
    ); // prettier-ignore
  });
});

describe('the coin', async () => {
  const shop = await openShop();
  const { database, clock, channel } = shop;
  const { raw } = database;

  it('leaves some out with the probability it says, and a control never reaches the channel', async () => {
    await saveSetting(database, 'plan', { ...defaultPlanSettings, sendFrom: '00:00', sendUntil: '23:59' }, null, clock.now());
    const size = 50;
    await raw`insert into contact (contact_id, household_id, created_at, updated_at) select n, n, now(), now() from generate_series(1001, ${1000 + size}::int) n`;
    await raw`insert into contact_identity (contact_id, kind, value, original, verified_at, created_at)
      select contact_id, 'email', 'c' || contact_id || '@clienti.example.it', '', now(), now() from contact`;
    await raw`insert into consent_state (contact_id, purpose, state, channels, since) select contact_id, 'marketing', 'granted', '{}', now() from contact`;
    const one = await addMessage(shop, { contactId: 1001, planDay: TODAY });
    await raw`insert into message (contact_id, plan_day, source, class, channel, template_id, status, value_cents, facts, subject, opening, send_after, send_before, created_at)
      select c.contact_id, plan_day, source, class, channel, template_id, status, value_cents, facts, subject, opening, send_after, send_before, m.created_at
      from message m cross join contact c where m.message_id = ${one.messageId} and c.contact_id > 1001`;
    const all = await raw<{ contactId: number; messageId: number }[]>`select contact_id as "contactId", message_id as "messageId" from message`;
    await approveMessages(database, all, null, clock.now());
    const summary = await sendDue(shop, clock.now(), { limit: size, channel });
    expect(summary.sent + summary.withheld).toBe(size);
    expect(summary.withheld).toBeGreaterThan(0);
    const controls = await raw<{ value: string }[]>`select i.value from message join contact_identity i using (contact_id) where assignment = 'control'`;
    expect(controls).toHaveLength(summary.withheld);
    expect(channel.written).toHaveLength(summary.sent);
    expect(controls.filter(({ value }) => channel.written.includes(value))).toEqual([]);
    const arms = await raw`select status, reason, assignment, assigned_by, assignment_probability as p, frozen is null as unwritten, count(*) as n
      from message group by 1, 2, 3, 4, 5, 6 order by 1, 4 desc`;
    const left = { status: 'withheld', reason: 'control', assignment: 'control', p: 0.1, unwritten: true };
    expect(arms).toEqual([
      { status: 'sent', reason: '', assignment: 'treated', assigned_by: 'decision', p: 0.9, unwritten: false, n: summary.sent },
      { ...left, assigned_by: 'programme', n: expect.any(Number) as number },
      { ...left, assigned_by: 'decision', n: expect.any(Number) as number },
    ]);
    const moments = await raw`select count(distinct released_at) as moments from message`;
    expect(moments).toEqual([{ moments: 1 }]);
  }); // prettier-ignore

  it('counts a control against the caps like a send', async () => {
    const [control] = await raw<
      { contact_id: number }[]
    >`select contact_id from message where assignment = 'control' limit 1`;
    clock.advance(86_400_000);
    const next = await addMessage(shop, {
      contactId: control?.contact_id ?? 0,
      planDay: '2026-11-25',
      source: 'campaign:2',
    });
    await approveMessages(database, [next], null, clock.now());
    expect(await sendDue(shop, clock.now(), { limit: 5, channel })).toMatchObject({ cancelled: 1 });
    const [row] = await raw`select reason from message where message_id = ${next.messageId}`;
    expect(row).toEqual({ reason: 'caps.reached?max=1&days=14' });
  });

  it('stays where it fell when an attempt is repeated or stopped, even in another year', async () => {
    const [treated] = await raw<{ contact_id: number }[]>`
      select contact_id from message where assignment = 'treated' order by contact_id desc limit 1`;
    const contactId = treated?.contact_id ?? 0;
    await raw`insert into effect_fit values (1, now(), 0, '{"channels": {}, "groups": {}, "exploration": 0}')`;
    clock.moveTo(new Date('2026-12-31T20:00:00Z'));
    const message = await addMessage(shop, {
      contactId,
      planDay: '2026-12-30',
      source: 'campaign:3',
      days: 5,
    });
    await approveMessages(database, [message], null, clock.now());
    channel.answer = () => ({ kind: 'temporary', detail: '451', retryAfterSeconds: 3 * 3600 });
    expect(await sendDue(shop, clock.now(), { limit: 5, channel })).toMatchObject({ retried: 1 });
    await raw`insert into control_bucket values (${contactId}, 2027, 0, true, now(), 0.1) on conflict do nothing`;
    await raw`update contact_identity set unreachable_at = now() where contact_id = ${contactId}`;
    clock.moveTo(new Date('2027-01-01T00:30:00Z'));
    expect(await sendDue(shop, clock.now(), { limit: 5, channel })).toMatchObject({ cancelled: 1 });
    const [row] =
      await raw`select status, assignment, assignment_probability as p, released_at is not null as released from message where message_id = ${message.messageId}`;
    expect(row).toEqual({ status: 'cancelled', assignment: 'treated', p: 1, released: true });
  });
});
