import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is, or undefined. BENTORNATO_CHROMIUM names another one. */
export const chromiumProgram = [process.env.BENTORNATO_CHROMIUM ?? '', ...PROGRAMS].find(
  (path) => path !== '' && existsSync(path),
);

/** A browser without a window, in Italian, that talks to nobody but the pages it is given. */
export function launchBrowser(): Promise<Browser> {
  if (chromiumProgram === undefined) throw new Error('Chromium is not installed here.');
  return chromium.launch({
    executablePath: chromiumProgram,
    env: { ...process.env, LANGUAGE: 'it', LANG: 'it_IT.UTF-8' },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--lang=it',
    ],
  });
}
