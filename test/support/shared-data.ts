import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file of the folder of real data beside the project, or null where it is not there; the tests that need it then skip. */
export function sharedData(name: string): string | null {
  const path = fileURLToPath(new URL(`../../../shared/${name}`, import.meta.url));
  if (existsSync(path)) return path;
  console.warn(`skipped: ../shared/${name} is not there`);
  return null;
}
