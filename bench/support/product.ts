/**
 * The product in a process of its own, as a shop runs it: what it takes in time and memory is its own, not the benchmark's.
 * The benchmark sends one task and waits for one answer.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { buildManagementServer } from '../../src/http/server.ts';
import type { Day } from '../../src/kernel/day.ts';
import { featureRoutes } from '../../src/main/features.ts';
import { planDay } from '../../src/planner/actions.ts';
import { productOptions, round, timed, watchMemory } from './measure.ts';
import { momentOf, openShop } from './shop.ts';

export interface PlanTask {
  readonly kind: 'plan';
  readonly folder: string;
  readonly day: Day;
  readonly times: number;
}

export interface PlanAnswer {
  /** First time, then again and again on what the first left. */
  readonly seconds: readonly number[];
  /** CPU of our process alone, of all the times together. */
  readonly cpuSeconds: number;
  readonly candidates: number;
  readonly verdicts: Record<string, number>;
  readonly reasons: Record<string, number>;
  readonly peakMb: number;
  readonly riseMb: number;
}

export interface ServeTask {
  readonly kind: 'serve';
  readonly folder: string;
  readonly day: Day;
}

export interface ServeAnswer {
  readonly url: string;
}

export type Task = PlanTask | ServeTask;

/** A product process that did its task; end it with `stop`. */
export interface Product<Answer> {
  readonly answer: Answer;
  stop(): Promise<void>;
}

export function startProduct(task: PlanTask): Promise<Product<PlanAnswer>>;
export function startProduct(task: ServeTask): Promise<Product<ServeAnswer>>;
export async function startProduct(task: Task): Promise<Product<unknown>> {
  const child = fork(import.meta.filename, ['--product'], {
    serialization: 'json',
    execArgv: productOptions,
  });
  child.send(task);
  const answer = await answerOf(child);
  const stop = async (): Promise<void> => {
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.disconnect();
    await ended;
  };
  return { answer, stop };
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the product ended with ${code}`)));
  });
}

async function plan({ folder, day, times }: PlanTask): Promise<PlanAnswer> {
  const now = momentOf(day, '05:30');
  const application = await openShop(folder, now);
  const memory = watchMemory();
  const cpu = process.cpuUsage();
  const seconds: number[] = [];
  let last: Pick<PlanAnswer, 'candidates' | 'verdicts' | 'reasons'> | undefined;
  for (let turn = 0; turn < times; turn += 1) {
    const { seconds: taken, result } = await timed(() => planDay(application, day, now));
    seconds.push(taken);
    last = { candidates: result.candidates, verdicts: result.verdicts, reasons: result.reasons };
  }
  const { user, system } = process.cpuUsage(cpu);
  const { peakMb, riseMb } = memory.stop();
  await application.close();
  return {
    seconds,
    cpuSeconds: round((user + system) / 1e6),
    candidates: 0,
    verdicts: {},
    reasons: {},
    ...last,
    peakMb,
    riseMb,
  };
}

async function serve({ folder, day }: ServeTask): Promise<ServeAnswer> {
  const application = await openShop(folder, momentOf(day, '09:00'));
  const server = await buildManagementServer(application, featureRoutes(application), {
    version: 'bench',
    webFolder: null,
    hostNames: [],
  });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  process.once('disconnect', () => void server.close().then(() => application.close()));
  return { url };
}

if (process.argv.includes('--product')) {
  process.once('message', (message) => {
    const task = message as Task;
    const work = task.kind === 'plan' ? plan(task) : serve(task);
    void work.then((answer) => process.send?.(answer));
  });
}
