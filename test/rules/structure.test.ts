import { describe, expect, it } from 'vitest';
import { featureOf, readSources } from './source.ts';

const sources = readSources();
const byPath = new Map(sources.map((source) => [source.path, source]));

/** What every feature stands on. */
const ground = ['kernel', 'database'];
/** Puts the features together. */
const assembly = ['main', 'web'];
/** Doors of a feature beside actions, rules and schema, each with its reason. */
const otherDoors = new Map([
  ['src/http/route-context.ts', 'what every route may use'],
  ['src/http/authentication.ts', 'cookies of the session are set where one signs in'],
  ['src/importing/file-routes.ts', 'routes that every kind of file shares'],
  [
    'src/business/set-up.ts',
    'a shop is created with its templates, which need the business: a circle through its actions',
  ],
  [
    'src/sending/cancel.ts',
    'a withdrawn consent cancels in the same transaction: a circle through the actions of sending',
  ],
]);
/** What computes and touches nothing outside: validators, dates, names of domains, keyed hashes. */
const purePackages = [
  'zod',
  'libphonenumber-js',
  'libphonenumber-js/max',
  'temporal-polyfill',
  'validator',
  'node:crypto',
  'node:url',
];

describe('the structure of the source', () => {
  it('has files to look at', () => {
    expect(sources.length).toBeGreaterThan(150);
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(600);
  });

  it('lets a feature reach another only through its actions, rules and schema', () => {
    const wrong = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ to }) => {
          if (!to.startsWith('src/') || assembly.includes(featureOf(path))) return false;
          if (featureOf(to) === featureOf(path) || ground.includes(featureOf(to))) return false;
          return !/\/(actions|rules|schema)\.ts$/.test(to) && !otherDoors.has(to);
        })
        .map(({ to }) => `${path} → ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps every rules.ts, with all it reaches, free of the database, the network and the file system', () => {
    const rules = sources.filter(({ path }) => path.endsWith('/rules.ts'));
    expect(rules.length).toBeGreaterThan(8);
    const wrong = rules.flatMap(({ path }) =>
      [...reachedFrom(path)]
        .filter(
          (reached) =>
            !reached.startsWith('src/') || /\/(queries|actions|routes|connection)\.ts$/.test(reached),
        )
        .filter((reached) => !purePackages.includes(reached))
        .map((reached) => `${path} reaches ${reached}`),
    );
    expect(wrong).toEqual([]);
  });

  it('lets the web client take only shapes and pure code from the server', () => {
    const wrong = sources
      .filter(({ path }) => featureOf(path) === 'web')
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ to, isTypeOnly }) => to.startsWith('src/') && featureOf(to) !== 'web' && !isTypeOnly)
          .flatMap(({ to }) => [...reachedFrom(to), to])
          .filter(
            (reached) =>
              !reached.startsWith('src/') || /\/(queries|actions|routes|schema)\.ts$/.test(reached),
          )
          .map((reached) => `${path} → ${reached}`),
      );
    expect(wrong).toEqual([]);
  });

  it('has no circles', () => {
    expect(findCircles()).toEqual([]);
  });
});

/** Everything a file needs at run time, however far. */
function reachedFrom(path: string): Set<string> {
  const reached = new Set<string>();
  const open = [path];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { to, isTypeOnly } of byPath.get(next)?.imports ?? []) {
      if (isTypeOnly || reached.has(to)) continue;
      reached.add(to);
      open.push(to);
    }
  }
  return reached;
}

function findCircles(): string[] {
  const state = new Map<string, 'open' | 'closed'>();
  const way: string[] = [];
  const circles: string[] = [];
  const visit = (path: string): void => {
    state.set(path, 'open');
    way.push(path);
    for (const { to, isTypeOnly } of byPath.get(path)?.imports ?? []) {
      if (isTypeOnly || !byPath.has(to)) continue;
      if (state.get(to) === 'open') circles.push([...way.slice(way.indexOf(to)), to].join(' → '));
      else if (!state.has(to)) visit(to);
    }
    way.pop();
    state.set(path, 'closed');
  };
  for (const path of byPath.keys()) if (!state.has(path)) visit(path);
  return circles;
}
