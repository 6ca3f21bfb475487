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
 * The state of one purpose from its ledger, whatever the order of recording: events are read by when they occurred,
 * then by number. Granting names the channels; granting again adds to them; withdrawing some leaves the others;
 * withdrawing without naming any, or the last one, withdraws the purpose.
 */
export function deriveState(events: readonly ConsentEvent[]): ConsentState | null {
  const ordered = [...events].sort(
    (a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || a.consentEventId - b.consentEventId,
  );
  return ordered.reduce<ConsentState | null>(applyEvent, null);
}

/** One step of the derivation. */
export function applyEvent(before: ConsentState | null, event: ConsentEvent): ConsentState {
  const since = event.occurredAt;
  const had = before?.state === 'granted' ? expand(before.channels) : new Set<string>();
  if (event.action === 'granted')
    return { state: 'granted', channels: shrink(new Set([...had, ...expand(event.channels)])), since };
  for (const channel of expand(event.channels)) had.delete(channel);
  return had.size === 0
    ? { state: 'withdrawn', channels: [], since }
    : { state: 'granted', channels: shrink(had), since };
}

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
