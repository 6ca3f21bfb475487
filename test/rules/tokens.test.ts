import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './source.ts';

const css = readFileSync(join(root, 'src/web/tokens.css'), 'utf8');

/** Colours of a block of custom properties; references to others are followed. */
function colours(block: string, inherited: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const found = new Map(inherited);
  for (const [, name = '', value = ''] of block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6}|var\(--[\w-]+\))/gi)) {
    const reference = /var\(--([\w-]+)\)/.exec(value)?.[1];
    found.set(name, reference === undefined ? value : (found.get(reference) ?? ''));
  }
  return found;
}

/** WCAG 2.2: relative luminance of a colour written #rrggbb. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const text = [
  ['ink', 'page'], ['ink', 'surface'], ['ink', 'sunk'], ['ink-2', 'page'], ['ink-2', 'surface'], ['ink-2', 'sunk'], ['ink-3', 'page'], ['ink-3', 'surface'],
  ['ink-3', 'sunk'], ['on-accent', 'accent'], ['on-accent', 'accent-hover'], ['accent-ink', 'accent-soft'], ['accent-ink', 'surface'], ['accent-ink', 'page'],
  ['time-ink', 'time-soft'], ['stop-ink', 'stop-soft'], ['talk-ink', 'talk-soft'], ['ink', 'time-soft'], ['ink', 'stop-soft'], ['ink', 'talk-soft'],
  ['ink', 'accent-soft'],
] as const; // prettier-ignore
const edges = [
  ['line-strong', 'surface'], ['line-strong', 'page'], ['accent', 'surface'], ['time-ink', 'time-band'], ['chart-1', 'surface'], ['chart-2', 'surface'],
] as const; // prettier-ignore

const light = colours(/:root\s*\{([^}]*)\}/.exec(css)?.[1] ?? '');
const darkBlock =
  /prefers-color-scheme: dark[^{]*\{[^{]*\{([^}]*)\}/.exec(css)?.[1] ??
  /dark[^{]*\{([^}]*)\}/.exec(css)?.[1] ??
  '';
const themes = [
  ['light', light],
  ['dark', colours(darkBlock, light)],
] as const;

describe.each(themes)('the %s theme', (_name, theme) => {
  it.each(text)('lets %s be read on %s (4.5 to 1)', (ink, ground) => {
    expect(contrast(theme.get(ink) ?? '', theme.get(ground) ?? '')).toBeGreaterThanOrEqual(4.5);
  });
  it.each(edges)('lets %s be seen on %s (3 to 1)', (edge, ground) => {
    expect(contrast(theme.get(edge) ?? '', theme.get(ground) ?? '')).toBeGreaterThanOrEqual(3);
  });
});

it('the dark theme is another one', () => {
  expect(darkBlock.length).toBeGreaterThan(500);
  expect(colours(darkBlock, light).get('page')).not.toBe(light.get('page'));
});
