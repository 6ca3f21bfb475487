import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll } from 'vitest';

const PROGRAM = '/usr/bin/chromium';
const QUIET = ['disable-gpu', 'disable-quic', 'no-first-run', 'disable-background-networking'];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Whether pages can be looked at here; a continuous integration must be able to. */
export const hasChromium = existsSync(PROGRAM) || process.env.CI === 'true';

/** A real browser that fetches nothing by itself; it is ended after the file. */
export async function openChromium(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0 ? ['no-sandbox'] : [];
  const browser = await chromium.launch({
    executablePath: PROGRAM,
    args: [...QUIET, 'disable-component-update', 'disable-sync', ...asRoot].map((name) => `--${name}`),
  });
  afterAll(() => browser.close());
  return browser;
}

/** What axe finds wrong with a page, each with the elements it means; with `tags` only rules of these kinds. */
export async function findBarriers(page: Page, tags: readonly string[] = []): Promise<string[]> {
  await page.evaluate(axe);
  const violations = await page.evaluate<Violation[]>(
    `axe.run(${JSON.stringify(tags.length === 0 ? {} : { runOnly: tags })}).then(({ violations }) => violations)`,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** How wide a page is in pixels, with what one would have to scroll to. */
export const widthOf = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth');
