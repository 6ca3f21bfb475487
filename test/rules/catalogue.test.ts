import { describe, expect, it } from 'vitest';
import { catalogueKeys, sentence } from '../../src/kernel/catalogue/index.ts';
import { en } from '../../src/web/catalogue/en.ts';
import { it as italian } from '../../src/web/catalogue/it.ts';
import { readSources } from './source.ts';

const sources = readSources();
const server = sources.filter(({ path }) => !path.startsWith('src/web/') && !path.includes('/catalogue/'));
const web = sources.filter(({ path }) => path.startsWith('src/web/') && !path.includes('/catalogue/'));

/** Words of a catalogue by their full key. */
function flatten(words: object, before = ''): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'string'
        ? [[before + key, value] as const]
        : [...flatten(value as object, `${before}${key}.`)],
    ),
  );
}

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\{?\s*\w+/g) ?? [])].sort();

describe('the sentences of the server', () => {
  it('are the same in both languages, once each, with the same fields', () => {
    const keys = catalogueKeys('it');
    expect(keys.length).toBeGreaterThan(200);
    expect(new Set(keys).size).toBe(keys.length);
    expect([...catalogueKeys('en')].sort()).toEqual([...keys].sort());
    const different = keys.filter(
      (key) => placeholders(sentence(key, 'it')).join() !== placeholders(sentence(key, 'en')).join(),
    );
    expect(different).toEqual([]);
  });

  it('exist for every failure in the code', () => {
    const known = new Set(catalogueKeys('it'));
    const codes = server.flatMap(({ text }) =>
      [...text.matchAll(/(?:new Failure|fileFailure|because)\(\s*'([a-z_0-9]+)'/g)].map(
        ([, code = '']) => code,
      ),
    );
    expect(new Set(codes).size).toBeGreaterThan(40);
    expect([...new Set(codes)].filter((code) => !known.has(`failure.${code}`))).toEqual([]);
  });

  it('exist for every key written out in the code', () => {
    const known = new Set(catalogueKeys('it'));
    const used = server.flatMap(({ text }) =>
      [...text.matchAll(/\bsentence\(\s*'([\w.]+)'/g)].map(([, key = '']) => key),
    );
    expect(used.length).toBeGreaterThan(40);
    expect([...new Set(used)].filter((key) => !known.has(key))).toEqual([]);
  });

  it('speak without exclamation marks', () => {
    expect(catalogueKeys('it').filter((key) => sentence(key, 'it').includes('!'))).toEqual([]);
  });
});

describe('the words of the web client', () => {
  const words = flatten(italian);
  const english = flatten(en);
  const base = (key: string): string => key.replace(/_(zero|one|many|other)$/, '');

  it('are the same in both languages, with the same fields', () => {
    expect([...new Set([...english.keys()].map(base))].sort()).toEqual(
      [...new Set([...words.keys()].map(base))].sort(),
    );
    const different = [...words].filter(([key, text]) => {
      const other = english.get(key);
      return other !== undefined && placeholders(other).join() !== placeholders(text).join();
    });
    expect(different).toEqual([]);
  });

  it('have every plural that Italian needs', () => {
    const counted = [...words.keys()].filter((key) => key.endsWith('_one')).map(base);
    expect(counted.length).toBeGreaterThan(10);
    expect(counted.filter((key) => !words.has(`${key}_many`) || !words.has(`${key}_other`))).toEqual([]);
  });

  it('exist for every key written out in the code', () => {
    const known = new Set([...words.keys()].map(base));
    const used = web.flatMap(({ text }) =>
      [...text.matchAll(/\bt\(\s*'([\w.]+)'/g)].map(([, key = '']) => key),
    );
    expect(used.length).toBeGreaterThan(80);
    expect([...new Set(used)].filter((key) => !known.has(key))).toEqual([]);
  });

  it('are all used', () => {
    const text = web.map((source) => source.text).join('\n');
    const isUsed = (key: string): boolean => {
      const parts = key.split('.');
      // A key may be put together: then the part before its last word stands in the code.
      return (
        text.includes(`'${key}'`) ||
        parts.some((_, at) => at > 0 && text.includes(`\`${parts.slice(0, at).join('.')}.$`))
      );
    };
    expect([...new Set([...words.keys()].map(base))].filter((key) => !isUsed(key))).toEqual([]);
  });
});
