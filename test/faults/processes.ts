import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of ours in a process of its own, to be killed. Lines it prints arrive at `onLine`; its errors are kept. */
export class Victim {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #errors = '';

  constructor(script: string, input: object, onLine: (line: string) => void) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    this.#child = spawn(process.execPath, [path, JSON.stringify(input)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = once(this.#child, 'close');
    if (this.#child.stdout) createInterface({ input: this.#child.stdout }).on('line', onLine);
    this.#child.stderr?.on('data', (text: Buffer) => (this.#errors += text.toString('utf8')));
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Waits until it ends by itself; throws what it wrote to its errors when that was not well. */
  async finished(): Promise<void> {
    await this.#ended;
    if (this.#child.exitCode !== 0) throw new Error(`ended with ${this.#child.exitCode}: ${this.#errors}`);
  }
}

export const isLong = process.env.BENTORNATO_LONG === '1';
