import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../support/application.ts';
import { addressOf, approveMessagesFor } from '../support/approved-messages.ts';
import { openMailSink } from '../support/mail-sink.ts';
import { Victim, isLong } from './processes.ts';

const MESSAGES = isLong ? 2_000 : 300;
const KILLS = isLong ? 20 : 4;
/** A fifth is left out by lot, and every kill leaves some of unknown outcome that never arrive: so many surely do. */
const REACHED_BY_LAST_KILL = 0.7;
/** A claim that its worker left behind is free again after this long. */
const LEASE_MINUTES = 6;

/** Who ends before the kill would have the test wait for ever. */
async function endsTooSoon(victim: Victim): Promise<never> {
  await victim.finished();
  throw new Error('everything was sent before the kill');
}

describe('sending', async () => {
  const start = new Date('2026-11-24T09:30:00Z');
  const shop = await createTestApplication({ now: start });

  it(`gives nobody two mails and forgets nobody, killed ${KILLS} times while it sends ${MESSAGES}`, async () => {
    const approved = await approveMessagesFor(shop, MESSAGES, '2026-11-24');
    expect(approved).toBe(MESSAGES);
    let killAt = Number.POSITIVE_INFINITY;
    let kill: () => void = () => undefined;
    const sink = await openMailSink({
      onAccepted: (count) => {
        if (count >= killAt) kill();
      },
    });
    let now = start.getTime();
    for (let round = 1; round <= KILLS; round += 1) {
      killAt = Math.round((round * MESSAGES * REACHED_BY_LAST_KILL) / KILLS);
      now += LEASE_MINUTES * 60_000;
      const input = { address: shop.address, smtpUrl: sink.url, now: new Date(now).toISOString() };
      const victim = new Victim('./sending-victim.ts', input, () => undefined);
      // In the very middle of an answer: some mails are accepted whose outcome nobody could write down.
      await Promise.race([new Promise<void>((resolve) => (kill = resolve)), endsTooSoon(victim)]);
      killAt = Number.POSITIVE_INFINITY;
      await victim.kill();
    }
    now += LEASE_MINUTES * 60_000;
    const last = { address: shop.address, smtpUrl: sink.url, now: new Date(now).toISOString() };
    await new Victim('./sending-victim.ts', last, () => undefined).finished();

    const messages = await shop.database.raw<{ email: string; status: string; reason: string }[]>`
      select i.value as email, m.status, m.reason from message m join contact_identity i on i.contact_id = m.contact_id and i.kind = 'email'`;
    expect(messages).toHaveLength(MESSAGES);
    const arrived = (email: string): number => sink.accepted.get(email) ?? 0;
    const wrong = messages.filter(
      ({ email, status }) =>
        (status === 'sent' && arrived(email) !== 1) ||
        (status === 'withheld' && arrived(email) !== 0) ||
        (status === 'unknown' && arrived(email) > 1) ||
        !['sent', 'withheld', 'unknown'].includes(status),
    );
    expect(wrong).toEqual([]);
    const unknown = messages.filter(({ status }) => status === 'unknown');
    expect(unknown.length).toBeGreaterThan(0);
    expect(unknown.length).toBeLessThanOrEqual(KILLS * 5);
    expect(unknown.every(({ reason }) => reason === 'send.crash')).toBe(true);
    expect([...sink.accepted.keys()].every((email) => /^persona\d+@/.test(email))).toBe(true);
    expect(messages.some(({ email }) => email === addressOf(1))).toBe(true);
    expect(await shop.database.raw`select 1 from send_queue`).toHaveLength(0);
  });
});
