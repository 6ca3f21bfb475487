/** Purposes are independent; none is a condition of another (law.md CON-4). */
export type Purpose = 'marketing' | 'profiling';

/** One entry of the ledger, as far as the state depends on it. */
export interface ConsentEvent {
  readonly consentEventId: number;
  readonly purpose: Purpose;
  readonly action: 'granted' | 'withdrawn';
  /** Channels meant; an empty list means every channel. */
  readonly channels: readonly string[];
  readonly occurredAt: Date;
  readonly recordedAt: Date;
}

/** State of one purpose; `channels` empty means every channel. A purpose without events is unknown and permits nothing. */
export interface ConsentState {
  readonly state: 'granted' | 'withdrawn';
  readonly channels: readonly string[];
  readonly since: Date;
}

/** Every channel that a consent can name. */
export const consentChannels = [
  'email',
  'sms',
  'whatsapp',
  'telegram',
  'messenger',
  'phone',
  'letter',
] as const;

/**
 * The state of one purpose from its ledger, whatever the order of recording: a channel is granted while some grant of it
 * stands after which no withdrawal of it came. Granting again adds channels; withdrawing some leaves the others;
 * withdrawing without naming any withdraws them all. Because a withdrawal can only fell grants, one more of them never
 * permits anything.
 */
export function deriveState(events: readonly ConsentEvent[]): ConsentState | null {
  if (events.length === 0) return null;
  const withdrawals = events.filter(({ action }) => action === 'withdrawn');
  const standing = new Set<string>();
  for (const grant of events.filter(({ action }) => action === 'granted')) {
    const later = withdrawals.filter((withdrawal) => cameAfter(withdrawal, grant));
    for (const channel of expand(grant.channels))
      if (!later.some(({ channels }) => expand(channels).has(channel))) standing.add(channel);
  }
  const since = new Date(Math.max(...events.map(({ occurredAt }) => occurredAt.getTime())));
  return standing.size === 0
    ? { state: 'withdrawn', channels: [], since }
    : { state: 'granted', channels: shrink(standing), since };
}

/**
 * Whether a withdrawal came after a grant. What was written down later than it was said takes its place in time; what is
 * said now comes after everything written down before, even if the computer's clock was set back in between.
 */
function cameAfter(withdrawal: ConsentEvent, grant: ConsentEvent): boolean {
  if (isSaidNow(withdrawal))
    return (
      withdrawal.consentEventId > grant.consentEventId ||
      (!isSaidNow(grant) && withdrawal.recordedAt >= grant.occurredAt)
    );
  const saidAt = Math.min(grant.occurredAt.getTime(), grant.recordedAt.getTime());
  const difference = withdrawal.occurredAt.getTime() - saidAt;
  return difference === 0 ? withdrawal.consentEventId > grant.consentEventId : difference > 0;
}

const isSaidNow = ({ occurredAt, recordedAt }: ConsentEvent): boolean => occurredAt >= recordedAt;

const expand = (channels: readonly string[]): Set<string> =>
  new Set(channels.length === 0 ? consentChannels : channels);

/** All channels together are written as the empty list, as the ledger writes them. */
function shrink(channels: ReadonlySet<string>): string[] {
  return consentChannels.every((channel) => channels.has(channel)) ? [] : [...channels].sort();
}

/** Whether a purpose may be pursued on a channel. Profiling has no channels. */
export function mayUse(state: ConsentState | null, channel: string): boolean {
  return state?.state === 'granted' && (state.channels.length === 0 || state.channels.includes(channel));
}
