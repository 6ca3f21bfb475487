import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { chromiumProgram, launchBrowser } from './launch.ts';

const isSkipped = chromiumProgram === undefined && process.env.CI !== 'true';
if (isSkipped) console.log('Skipped: the tests of the screens need Chromium, which is not installed here.');

/** Tests in a real browser: skipped with a line where there is none, failed where CI promises one. */
export const describeInBrowser = describe.skipIf(isSkipped);

export const sizes = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
} as const;

/** A browser for the test file; pages are opened by `newPage`, each with cookies of its own. */
export function useBrowser(): {
  newPage(baseUrl: string, size?: keyof typeof sizes, options?: { language?: string }): Promise<Page>;
} {
  let browser: Browser | undefined;
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await browser?.close();
  });
  return {
    async newPage(baseUrl, size = 'desktop', { language = 'it-IT' } = {}) {
      if (!browser) throw new Error('the browser is not open');
      const context = await browser.newContext({
        baseURL: baseUrl,
        viewport: sizes[size],
        locale: language,
        timezoneId: 'Europe/Rome',
        reducedMotion: 'reduce',
      });
      contexts.push(context);
      context.setDefaultTimeout(30_000);
      return context.newPage();
    },
  };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
  }[];
  readonly passes: readonly unknown[];
}

/** No serious or critical violation of WCAG 2.2 A and AA, as axe sees it. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const { violations, passes } = await page.evaluate<AxeResults>(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })",
  );
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  expect(grave, page.url()).toEqual([]);
  expect(passes.length).toBeGreaterThan(5);
}

/** Nothing is wider than the screen, and no card cuts off what it holds. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [scroll, client] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  expect(scroll, page.url()).toBeLessThanOrEqual(client);
  const cut = await page.evaluate<number>(
    '[...document.querySelectorAll(".card")].filter((card) => card.scrollWidth > card.clientWidth + 1).length',
  );
  expect(cut, `${page.url()}: cards that cut off what they hold`).toBe(0);
}

const FINGER_PX = 44;
/** Half a pixel of rounding. */
const TOLERANCE_PX = 0.5;

/** Everything that a finger presses is at least 44 px high and wide; the way past the menu is for keyboards. */
export async function expectFingerSized(page: Page): Promise<void> {
  const small: string[] = [];
  for (const target of await page.locator('button:visible, a:not(.skip):visible, summary:visible').all()) {
    const box = await target.boundingBox();
    if (box && Math.min(box.width, box.height) < FINGER_PX - TOLERANCE_PX)
      small.push(`${await target.innerText()} ${box.width}×${box.height}`);
  }
  expect(small, page.url()).toEqual([]);
}
