import { addAssistant, changeOperator, listOperators, saveSetting } from '../business/actions.ts';
import { listCalls, recordOutcome } from '../calls/actions.ts';
import type { CallOutcome } from '../calls/rules.ts';
import { markPosted, startPrinting } from '../channels/letter/actions.ts';
import type { Database } from '../database/connection.ts';
import type { Day } from '../kernel/day.ts';
import { seededRandom } from '../kernel/random.ts';
import { newToken } from '../kernel/secret.ts';
import type { ErrandDependencies } from '../sending/actions.ts';

/** Small numbers, so that letters and calls are seen among the mails and do not fill the day. */
const LETTERS_PER_DAY = 3;
const CALLS_PER_DAY = 3;

/** Letters and calls switched on, with the owner and one assistant who call. */
export async function switchOnByHand(database: Database, now: Date): Promise<void> {
  await saveSetting(database, 'letters', { isOn: true, maxPerDay: LETTERS_PER_DAY }, null, now);
  await saveSetting(database, 'calls', { isOn: true }, null, now);
  const assistant = { name: 'Ivo', email: 'ivo@example.it', password: newToken(), storeId: null };
  await addAssistant(database, { ...assistant, callsPerDay: CALLS_PER_DAY }, now);
  for (const { operatorId, role } of await listOperators(database))
    if (role === 'owner')
      await changeOperator(database, operatorId, { storeId: null, callsPerDay: CALLS_PER_DAY });
}

/** What becomes of a call: out of a hundred so many of each. */
const answers: readonly (readonly [number, CallOutcome])[] = [
  [30, 'no_answer'],
  [87, 'spoken'],
  [98, 'not_interested'],
  [100, 'do_not_call'],
];

/** The day's letters are posted and its calls made, by the same doors as a person uses. Returns how many reached somebody. */
export async function workByHand(
  dependencies: ErrandDependencies,
  { day, seed, now }: { readonly day: Day; readonly seed: string; readonly now: Date },
): Promise<number> {
  const { database } = dependencies;
  let reached = 0;
  const printJobId = await startPrinting(dependencies, { operatorId: null, now });
  if (printJobId !== null) reached += await markPosted(dependencies, printJobId, { operatorId: null, now });
  const viewer = { operatorId: null, now };
  const { calls, mayCallNow } = await listCalls(database, 'everybody', viewer);
  for (const call of mayCallNow ? calls : []) {
    const lot = 100 * seededRandom(`${seed}:call:${call.contactId}:${day}`).next();
    const outcome = answers.find(([until]) => lot < until)?.[1] ?? 'spoken';
    await recordOutcome(dependencies, call, { outcome, callBackAt: null, note: '' }, viewer);
    if (outcome !== 'no_answer') reached += 1;
  }
  return reached;
}
