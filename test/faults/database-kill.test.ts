import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { startEmbeddedServer } from '../../src/database/embedded.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { Victim, isLong } from './processes.ts';

const KILLS = isLong ? 20 : 3;
const A_LOT = 1_000_000;

describe('the embedded database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-kill-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const acknowledged: number[] = [];

  /** Lets the writer run for a while after it is ready, then kills it, and the server too when asked. */
  async function round(delayMs: number, withServer: boolean): Promise<void> {
    const first = (acknowledged.at(-1) ?? 0) + A_LOT;
    let isReady = false;
    const victim = new Victim('./writing-victim.ts', { folder, first, count: A_LOT }, (line) => {
      if (line === 'ready') isReady = true;
      else acknowledged.push(Number(line));
    });
    for (let waited = 0; !isReady && waited < 30_000; waited += 10) await sleep(10);
    expect(isReady).toBe(true);
    await sleep(delayMs);
    if (withServer) process.kill(postmasterPid(), 'SIGKILL');
    await victim.kill();
  }

  function postmasterPid(): number {
    const text = readFileSync(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8');
    return Number(text.split('\n')[0]);
  }

  async function missing(): Promise<number[]> {
    const server = await startEmbeddedServer(folder);
    const database = openDatabase(server.address, { maxConnections: 1 });
    const rows = await database.raw<{ number: number }[]>`select number from written`;
    const kept = new Set(rows.map(({ number }) => number));
    await database.close();
    await server.stop();
    return acknowledged.filter((number) => !kept.has(number));
  }

  it.each([
    ['our process is', false],
    ['our process and the server are', true],
  ])(`loses nothing it acknowledged when %s killed, ${KILLS} times`, async (_who, withServer) => {
    const random = seededRandom(`kill ${withServer}`);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = acknowledged.length;
      await round(20 + random.integer(400), withServer);
      expect(acknowledged.length).toBeGreaterThan(before);
      // Every other time the next writer starts at once, while the old server may still be going down.
      if (kill % 2 === 1 || kill === KILLS - 1) expect(await missing()).toEqual([]);
    }
  });

  it('starts on a folder whose first start was killed before it was whole', async () => {
    const fresh = mkdtempSync(join(tmpdir(), 'bentornato-kill-'));
    afterAll(() => rmSync(fresh, { recursive: true, force: true }));
    for (const delayMs of [100, 400, 700]) {
      const victim = new Victim(
        './writing-victim.ts',
        { folder: fresh, first: 1, count: A_LOT },
        () => undefined,
      );
      await sleep(delayMs);
      await victim.kill();
    }
    const server = await startEmbeddedServer(fresh);
    const database = openDatabase(server.address, { maxConnections: 1 });
    expect(await database.raw`select 1 as one`).toEqual([{ one: 1 }]);
    await database.close();
    await server.stop();
  });
});
