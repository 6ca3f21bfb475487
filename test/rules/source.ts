import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** A source file with what it imports; paths are relative to the project, packages are named as they are imported. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly { readonly to: string; readonly isTypeOnly: boolean }[];
}

/** Every file of src without tests and generated rows. */
export function readSources(): SourceFile[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
    .map((name) => {
      const path = join('src', name);
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });
}

function importsOf(path: string, text: string): SourceFile['imports'] {
  const found = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'/gm);
  return [...found].map(([, type, name = '']) => ({
    isTypeOnly: type !== undefined,
    to: name.startsWith('.') ? relative(root, resolve(root, dirname(path), name)) : name,
  }));
}

/** The feature folder of a file: "contacts", "channels/email", … */
export function featureOf(path: string): string {
  const [, first = '', second = ''] = path.split('/');
  return first === 'channels' ? `channels/${second}` : first;
}
