import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';

const SOURCE = fileURLToPath(new URL('../web/', import.meta.url));
const TARGET = fileURLToPath(new URL('../../dist/web/', import.meta.url));

/** The folder of the web client, built when it is missing or older than its sources (some seconds, once). */
export async function ensureWebClient(log: Logger): Promise<string> {
  const built = join(TARGET, 'index.html');
  const isFresh = existsSync(built) && statSync(built).mtimeMs >= newestChange(SOURCE);
  if (isFresh || !existsSync(join(SOURCE, 'index.html'))) return TARGET;
  log.info('building the web client');
  const { build } = await import('vite');
  await build({
    root: SOURCE,
    configFile: join(SOURCE, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: TARGET, emptyOutDir: true },
  });
  return TARGET;
}

function newestChange(folder: string): number {
  return Math.max(
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? newestChange(path) : statSync(path).mtimeMs;
    }),
    0,
  );
}
