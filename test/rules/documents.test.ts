import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { featureOf, readSources, root } from './source.ts';

const sources = readSources();
const features = [...new Set(sources.map(({ path }) => featureOf(path)))].sort();
const migrations = readdirSync(join(root, 'db/migrations'))
  .map((name) => readFileSync(join(root, 'db/migrations', name), 'utf8'))
  .join('\n');
const tables = new Set(
  [...migrations.matchAll(/^create table ([\w.]+)/gm)].map(([, name]) => name).concat('schema_migration'),
);
const declared = new Set(
  sources.flatMap(({ text }) =>
    [...text.matchAll(/\b(?:function|const|class|interface|type)\s+(\w+)/g)].map(([, name]) => name),
  ),
);
const quoted = new Set(sources.flatMap(({ text }) => text.match(/[\w.-]+/g) ?? []));

const textOf = (path: string): string =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
const namesIn = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name);
const isPath = (name: string): boolean =>
  /^[\w./-]+(\.(ts|tsx|sql|md|mjml|css|json|yaml)|\/)$/.test(name) ||
  /^(src|db|docs|test|bench|data)\//.test(name);
const isIdentifier = (name: string): boolean =>
  /^[a-z]+(?:[A-Z]\w*)+$|^[A-Z][a-z]+(?:[A-Z][a-z]+)+$/.test(name);

/** What a document names between back-quotes and nothing in the project answers to. */
function unknownIn(document: string, folders: readonly string[]): string[] {
  const isThere = (name: string): boolean => folders.some((folder) => existsSync(join(root, folder, name)));
  return namesIn(textOf(document)).filter((name) => {
    if (isThere(name)) return false;
    if (isPath(name)) return true;
    if (isIdentifier(name)) return !declared.has(name);
    return /^[a-z]\w*$/.test(name) && !declared.has(name) && !quoted.has(name) && !migrations.includes(name);
  });
}

describe('the README of a feature', () => {
  it('is looked for in every folder', () => {
    expect(features.length).toBeGreaterThan(17);
    expect(features).toContain('channels/email');
  });

  it.each(features)('is there, short, and in the same form: %s', (feature) => {
    const text = textOf(`src/${feature}/README.md`);
    const lines = text.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^# \S/);
    expect(lines.length).toBeGreaterThanOrEqual(14);
    expect(lines.length).toBeLessThanOrEqual(40);
    for (const part of [/^Promises/m, /^Does not promise/m, /^Tables: /m, /^Words: /m, /^Start reading: /m])
      expect(text).toMatch(part);
  });

  it.each(features)('names only files, functions and tables that exist: %s', (feature) => {
    expect(unknownIn(`src/${feature}/README.md`, [`src/${feature}`, 'src', '.'])).toEqual([]);
    const [line = ''] = /^Tables: [^\n]*/m.exec(textOf(`src/${feature}/README.md`)) ?? [];
    expect(namesIn(line).filter((name) => !isPath(name) && !tables.has(name))).toEqual([]);
  });

  it.each(features)('uses words that the glossary has: %s', (feature) => {
    const [, line = ''] =
      /^Words: ((?:.|\n)*?)(?:\.\n|\n[A-Z]|$)/m.exec(textOf(`src/${feature}/README.md`)) ?? [];
    const glossary = textOf('GLOSSARY.md');
    const words = [...line.matchAll(/\*([^*]+)\*/g)].map(([, word = '']) => word);
    expect(
      words.filter((word) => ![`| ${word}`, `*${word}*`].some((form) => glossary.includes(form))),
    ).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  const architecture = textOf('ARCHITECTURE.md');

  it('names only functions and folders that exist', () => {
    expect(namesIn(architecture).filter(isIdentifier).length).toBeGreaterThan(8);
    expect(namesIn(architecture).filter(isPath).length).toBeGreaterThan(20);
    // The files that every feature has are named without a folder: those of one that has them all.
    expect(unknownIn('ARCHITECTURE.md', ['.', 'src', 'src/campaigns'])).toEqual([]);
  });

  it('says where each function is, rightly', () => {
    const told = [...architecture.matchAll(/`([a-z/]+)` \(`(\w+)`\)/g)].map(([, folder = '', name = '']) => ({
      folder,
      name,
    }));
    expect(told.length).toBeGreaterThan(6);
    const wrong = told.filter(
      ({ folder, name }) =>
        !sources.some(
          ({ path, text }) =>
            path.startsWith(`src/${folder}/`) &&
            new RegExp(`function ${name}\\b|const ${name}\\b`).test(text),
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('names every folder of the source', () => {
    const top = [...new Set(features.map((feature) => feature.split('/')[0] ?? ''))];
    expect(top.filter((folder) => !architecture.includes(`\`src/${folder}\``))).toEqual([]);
  });
});
