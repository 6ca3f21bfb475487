import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildCommandLine } from './command-line.ts';
import { commandLanguage, exitCodes } from './output.ts';

const root = new URL('../../', import.meta.url);
const guide = readFileSync(new URL('docs/guide/command-line.md', root), 'utf8');
const readme = readFileSync(new URL('README.md', root), 'utf8');
const rowsOf = (text: string, title: string): string[][] => {
  const table = text.slice(text.indexOf(`| ${title} |`)).split('\n\n')[0] ?? '';
  return table
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .replaceAll('\\|', '¦')
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
};

/** Every command by its words, with its own long options. */
function commandsOf(parent: Command, before = ''): Map<string, string[]> {
  return new Map(
    parent.commands.flatMap((command) => {
      const words = `${before}${command.name()}`;
      if (command.commands.length > 0) return [...commandsOf(command, `${words} `)];
      const options = command.options.flatMap(({ long }) => long ?? []);
      return [[words, options.filter((option) => !['--data', '--json'].includes(option))] as const];
    }),
  );
}

describe('the guide to the command line', () => {
  const commands = commandsOf(buildCommandLine('en', () => undefined));

  const optionsIn = (text: string): string[] => text.match(/--[a-z-]*[a-z]/g) ?? [];
  const isToldBelow = (option: string): boolean => optionsIn(guide).includes(option);

  it('lists every command with its options, and none that is not there', () => {
    const written = new Map(
      rowsOf(guide, 'command').flatMap(([usages = '']) =>
        [...usages.matchAll(/`([^`]+)`/g)].map(([, usage = '']) => {
          const words = /^[a-z ]+[a-z]/.exec(usage)?.[0] ?? '';
          const here = optionsIn(usage);
          // A usage that ends in dots leaves its other options to a section of its own, where all of them stand.
          const below = usage.endsWith('…') ? (commands.get(words) ?? []).filter(isToldBelow) : here;
          return [words, below] as const;
        }),
      ),
    );
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(commands));
    expect(commands.size).toBeGreaterThan(10);
  });

  it('says of every command that it may have a folder and speak to machines', () => {
    const program = buildCommandLine('en', () => undefined);
    const leaves = program.commands.flatMap((command) =>
      command.commands.length > 0 ? command.commands : [command],
    );
    for (const { options } of leaves)
      expect(options.map(({ long }) => long)).toEqual(expect.arrayContaining(['--data', '--json']));
    expect(guide).toContain('[--data FOLDER] [--json]');
  });

  it('explains every exit code, also that of the launcher, and none that is not there', () => {
    const launcher = /^ {2}exit (\d+)$/m.exec(readFileSync(new URL('bentornato', root), 'utf8'))?.[1];
    const written = rowsOf(guide, 'exit code').map(([code]) => code);
    expect(written).toEqual([...Object.values(exitCodes).map(String), launcher]);
  });
});

describe('the table of variables', () => {
  it('lists every variable that the program reads, and none that it does not', () => {
    const sources = ['src/main/environment.ts', 'src/main/output.ts', 'src/main/application.ts'];
    const code = sources.map((path) => readFileSync(new URL(path, root), 'utf8')).join('\n');
    const read = new Set(
      code
        .match(/\b(?:variables|env)\.(?:PORT|DATABASE_URL|BENTORNATO_[A-Z_]+)/g)
        ?.map((name) => name.split('.')[1]),
    );
    const written = rowsOf(readme, 'variable').flatMap(([names = '']) => names.match(/[A-Z][A-Z_]+/g) ?? []);
    expect([...written].sort()).toEqual([...read].sort());
  });
});

describe('the language of the command line', () => {
  it.each([
    [{}, 'it'],
    [{ LANG: 'en_US.UTF-8' }, 'en'],
    [{ LC_ALL: '', LANG: 'en_GB.UTF-8' }, 'en'],
    [{ LC_ALL: 'it_IT.UTF-8', LANG: 'en_GB.UTF-8' }, 'it'],
    [{ BENTORNATO_LANGUAGE: 'en', LANG: 'it_IT.UTF-8' }, 'en'],
    [{ LANG: 'C.UTF-8' }, 'it'],
  ] as const)('with %j is %s', (variables, language) => {
    expect(commandLanguage(variables)).toBe(language);
  });
});
