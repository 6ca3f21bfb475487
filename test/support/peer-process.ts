import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 20_000;

/** A port on loopback that nobody uses at this moment. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Waits until a peer answers on its port; throws with what it said when it does not. */
export async function waitForPort(port: number, explain: () => string): Promise<void> {
  const end = performance.now() + READY_WITHIN_MS;
  while (performance.now() < end) {
    if (await isListening(port)) return;
    await sleep(50);
  }
  throw new Error(`nobody answers on port ${port}: ${explain()}`);
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Starts somebody else's program in the foreground; `stop` ends exactly that process and waits for it. */
export function startPeer(
  program: string,
  parameters: readonly string[],
): { said: () => string; stop: () => Promise<void> } {
  const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (text += part.toString('utf8')));
  const ended = once(child, 'close');
  return {
    said: () => text,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
