import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const MEGABYTE = 1_048_576;

/** A small disk of its own, which can be filled and emptied, or made read-only. */
export interface SmallDisk {
  readonly folder: string;
  /** Fills it up to so many megabytes. */
  fill(leftMegabytes: number): void;
  makeRoom(): void;
  forbidWriting(): void;
}

/** Mounts one, or null where that is not allowed (not root, not Linux); the tests that need it then skip and say so. */
export function mountSmallDisk(megabytes: number): SmallDisk | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    console.warn('skipped: only root on Linux may mount a small disk');
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-disk-'));
  const mount = (options: string): boolean =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m${options}`, 'tmpfs', folder]).status === 0;
  if (!mount('')) {
    rmSync(folder, { recursive: true });
    if (process.env.CI) throw new Error('a small disk must be mountable here');
    console.warn('skipped: a small disk may not be mounted here');
    return null;
  }
  afterAll(() => {
    spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: (left) => {
      rmSync(ballast, { force: true });
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left * MEGABYTE)));
    },
    makeRoom: () => rmSync(ballast, { force: true }),
    forbidWriting: () => {
      if (!mount(',remount,ro')) throw new Error('the disk cannot be made read-only');
    },
  };
}
