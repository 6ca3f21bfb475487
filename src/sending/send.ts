import { hostname } from 'node:os';
import { loadEmailSettings, openEmailChannel } from '../channels/email/actions.ts';
import { suppressAddress } from '../consent/actions.ts';
import type { Connection, Database } from '../database/connection.ts';
import { channelsByHand } from '../kernel/channel.ts';
import type { Clock } from '../kernel/clock.ts';
import { Failure } from '../kernel/failure.ts';
import type { FrozenContent } from '../rendering/actions.ts';
import type { ClaimedRow, MessageReference } from './queries.ts';
import * as queries from './queries.ts';
import type { Release } from './release.ts';
import { openRelease, releaseOne } from './release.ts';
import type { ChannelOutcome } from './rules.ts';
import { afterCrash, settle } from './rules.ts';

const LEASE_MS = 5 * 60_000;
const PARALLEL = 5;

export interface SendDependencies {
  readonly database: Database;
  readonly secretKey: Buffer;
  readonly publicUrl: string | null;
  readonly smtpUrl: string | null;
  readonly clock: Clock;
}

/** A channel as sending sees it. */
export interface Channel {
  send(message: {
    readonly reference: MessageReference;
    readonly address: string;
    readonly content: FrozenContent;
  }): Promise<ChannelOutcome>;
  close(): void;
}

/** How many messages ended where in one call. */
export interface SendSummary {
  readonly sent: number;
  readonly withheld: number;
  readonly cancelled: number;
  readonly failed: number;
  readonly unknown: number;
  readonly retried: number;
  /** Put into a person's hands: letters to print, calls to make. */
  readonly handed: number;
}

interface Ending {
  readonly counted: keyof SendSummary | null;
  /** When to try again, where the channel itself turned out not to work. */
  readonly outageUntil: Date | null;
}

/**
 * Sends what is approved and due: settles what a crash left behind, claims a batch under a lease, and for each message takes
 * the last look, lets the coin fall, calls the channel outside any transaction, and settles. What a person posts or says is put
 * into their hands instead. Without a mail server no e-mail is claimed: it waits until its time is over. A server that is down or does not know us is not asked for each of them.
 */
export async function sendDue(
  dependencies: SendDependencies,
  now: Date,
  options: { limit: number; channel?: Channel },
): Promise<SendSummary> {
  const summary = { sent: 0, withheld: 0, cancelled: 0, failed: 0, unknown: 0, retried: 0, handed: 0 };
  summary.unknown += await settleAbandoned(dependencies.database, now);
  const settings = await loadEmailSettings(dependencies.database, dependencies.secretKey, {
    smtpUrl: dependencies.smtpUrl,
  });
  const channel = options.channel ?? (await openEmailChannel(settings));
  try {
    const claimed = await queries.claim(dependencies.database, {
      now,
      leaseUntil: leaseEnd(now),
      owner: `${hostname()}:${process.pid}`,
      limit: options.limit,
      channels: [...(channel ? ['email'] : []), ...channelsByHand],
    });
    if (claimed.length === 0) return summary;
    const context = await openRelease(dependencies.database, {
      secretKey: dependencies.secretKey,
      publicUrl: dependencies.publicUrl,
      hasSender: settings.fromAddress !== '',
      now,
      leaseEnd: () => leaseEnd(dependencies.clock.now()),
    });
    const outage: { until: Date | null } = { until: null };
    const untouched = await inLanes(claimed, async (message) => {
      const ending = await sendOne(dependencies, channel, message, context);
      if (ending.counted) summary[ending.counted] += 1;
      outage.until ??= ending.outageUntil;
      return outage.until === null;
    });
    if (outage.until) await postponeAll(dependencies.database, untouched, outage.until);
    return summary;
  } finally {
    if (!options.channel) channel?.close();
  }
}

const leaseEnd = (now: Date): Date => new Date(now.getTime() + LEASE_MS);

/**
 * Works on some messages side by side, as long as `work` says to go on, and returns those not begun. After an error none
 * is begun either, but those under way are brought to their end before it is thrown: a channel closed under them would
 * leave their outcome unknown.
 */
async function inLanes(
  messages: readonly ClaimedRow[],
  work: (message: ClaimedRow) => Promise<boolean>,
): Promise<readonly ClaimedRow[]> {
  const waiting = [...messages];
  let goesOn = true;
  const lane = async (): Promise<void> => {
    while (goesOn) {
      const message = waiting.shift();
      if (!message) return;
      try {
        if (!(await work(message))) goesOn = false;
      } catch (error) {
        goesOn = false;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: PARALLEL }, lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return waiting;
}

async function sendOne(
  dependencies: SendDependencies,
  channel: Channel | null,
  message: ClaimedRow,
  context: Parameters<typeof releaseOne>[2],
): Promise<Ending> {
  const { database } = dependencies;
  const release = await database
    .transaction((transaction) => releaseOne(transaction, message, context))
    .catch((error: unknown) => failUnwritable(database, message, { error, now: context.now }));
  if (release === 'failed') return { counted: release, outageUntil: null };
  if (release.kind === 'withheld' || release.kind === 'cancelled' || release.kind === 'handed')
    return { counted: release.kind, outageUntil: null };
  if (release.kind !== 'send' || !channel) return { counted: null, outageUntil: null };
  const outcome = await channel.send({
    reference: message,
    address: release.address,
    content: release.content,
  });
  return database.transaction((transaction) =>
    settleOne(transaction, release, outcome, { key: dependencies.secretKey, now: dependencies.clock.now() }),
  );
}

/** Words that cannot be written, for this message, must not hold up the others: it fails by itself. */
async function failUnwritable(
  database: Database,
  message: ClaimedRow,
  { error, now }: { error: unknown; now: Date },
): Promise<'failed'> {
  if (!(error instanceof Failure)) throw error;
  await database.transaction(async (transaction) => {
    await queries.updateStopped(transaction, message, { status: 'failed', reason: 'send.content', now });
    await queries.removeFromQueue(transaction, [message.messageId]);
  });
  return 'failed';
}

async function settleOne(
  transaction: Connection,
  release: Extract<Release, { kind: 'send' }>,
  outcome: ChannelOutcome,
  context: { key: Buffer; now: Date },
): Promise<Ending> {
  const { message, row } = release;
  const settlement = settle(outcome, {
    messageClass: row.class,
    attempts: message.attempts,
    sendBefore: row.send_before,
    now: context.now,
  });
  await queries.updateSettled(transaction, message, {
    status: settlement.status,
    reason: settlement.reason,
    now: context.now,
  });
  await recordOutcome(transaction, release, outcome, context);
  if (settlement.status === 'approved') {
    await queries.requeue(transaction, message.messageId, settlement.notBefore);
    return { counted: 'retried', outageUntil: outcome.kind === 'unavailable' ? settlement.notBefore : null };
  }
  await queries.removeFromQueue(transaction, [message.messageId]);
  return { counted: settlement.status, outageUntil: null };
}

/** Hands back what was claimed in vain, and lets everything else that is due wait as well. */
function postponeAll(database: Database, claimed: readonly ClaimedRow[], until: Date): Promise<void> {
  return database.transaction(async (transaction) => {
    await queries.handBack(transaction, claimed);
    await queries.postpone(transaction, until);
  });
}

async function recordOutcome(
  transaction: Connection,
  release: Extract<Release, { kind: 'send' }>,
  outcome: ChannelOutcome,
  context: { key: Buffer; now: Date },
): Promise<void> {
  const { message, address } = release;
  if (outcome.kind === 'accepted')
    await queries.insertEvents(
      transaction,
      [message],
      'accepted',
      { response: outcome.response },
      context.now,
    );
  if (outcome.kind !== 'address_refused') return;
  await queries.insertEvents(transaction, [message], 'bounced', { detail: outcome.detail }, context.now);
  await queries.markUnreachable(
    transaction,
    message.contactId,
    address,
    outcome.detail.slice(0, 200),
    context.now,
  );
  if (outcome.doesNotExist)
    await suppressAddress(
      transaction,
      { kind: 'email', value: address },
      'hard_bounce',
      context.key,
      context.now,
    );
}

/** Rows left `sending` by a worker that is gone: of unknown outcome, never sent again, unless a service message. */
async function settleAbandoned(database: Database, now: Date): Promise<number> {
  const abandoned = await queries.selectAbandoned(database, now);
  for (const row of abandoned) {
    const status = afterCrash(row.messageClass);
    await database.transaction(async (transaction) => {
      await queries.updateSettled(transaction, row, {
        status,
        reason: status === 'unknown' ? 'send.crash' : '',
        now,
      });
      if (status === 'unknown') await queries.removeFromQueue(transaction, [row.messageId]);
      else await queries.requeue(transaction, row.messageId, now);
    });
  }
  return abandoned.filter((row) => afterCrash(row.messageClass) === 'unknown').length;
}
