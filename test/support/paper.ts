import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';

const PROGRAMS = ['/usr/bin/pdftotext', '/usr/bin/pdftoppm', '/usr/bin/zbarimg'];
const MM_PER_POINT = 25.4 / 72;

/** A group of tests that reads PDFs with programs of others; without them it is skipped and says why, in CI it fails. */
export function describePaper(name: string, tests: () => void): void {
  const missing = PROGRAMS.filter((program) => !existsSync(program));
  if (missing.length === 0) {
    describe(name, tests);
    return;
  }
  const obstacle = `not installed: ${missing.join(', ')}`;
  if (process.env.CI === 'true') throw new Error(obstacle);
  console.warn(`skipped: ${name}: ${obstacle}`);
  describe.skip(name, () => it(obstacle, () => undefined));
}

/** A word on a page with its place in millimetres from the upper left corner. */
export interface PrintedWord {
  readonly page: number;
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Every word of a PDF and where it stands, as poppler sees it. */
export function wordsOf(pdf: Buffer): PrintedWord[] {
  return inFile(pdf, (file) => {
    const html = execFileSync('/usr/bin/pdftotext', ['-bbox', file, '-'], { encoding: 'utf8' });
    const pages = html.split('<page ').slice(1);
    return pages.flatMap((page, number) =>
      [
        ...page.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</g),
      ].map(([, left, top, right, bottom, text = '']): PrintedWord => ({
        page: number + 1,
        text,
        left: Number(left) * MM_PER_POINT,
        top: Number(top) * MM_PER_POINT,
        right: Number(right) * MM_PER_POINT,
        bottom: Number(bottom) * MM_PER_POINT,
      })),
    );
  });
}

/** The text of every page. */
export function pagesOf(pdf: Buffer): string[] {
  return inFile(pdf, (file) =>
    execFileSync('/usr/bin/pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).split('\f').slice(0, -1),
  );
}

/** What the QR codes of every page say, as zbar reads them off the printed page. */
export function codesOf(pdf: Buffer): string[][] {
  return inFile(pdf, (file, folder) => {
    execFileSync('/usr/bin/pdftoppm', ['-r', '150', '-png', file, join(folder, 'page')]);
    return readdirSync(folder)
      .filter((name) => name.endsWith('.png'))
      .sort()
      .map((name) => {
        try {
          const read = execFileSync('/usr/bin/zbarimg', ['-q', '--raw', '--nodbus', join(folder, name)], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
          });
          return read.split('\n').filter((line) => line !== '');
        } catch (error) {
          if ((error as { status?: number }).status === 4) return []; // no code on the page
          throw error;
        }
      });
  });
}

function inFile<T>(pdf: Buffer, read: (file: string, folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bentornato-paper-'));
  try {
    const file = join(folder, 'paper.pdf');
    writeFileSync(file, pdf);
    return read(file, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
