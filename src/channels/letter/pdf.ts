import { createRequire } from 'node:module';
import { create } from 'qrcode';
import type { LetterSettings } from '../../business/schema.ts';
import { addressFields, labelPlace, labelSheet, POINTS_PER_MM, runsOf } from './rules.ts';

type Document = PDFKit.PDFDocument;

const fontFile = (name: string): string =>
  createRequire(import.meta.url).resolve(`@expo-google-fonts/${name}`);
/** Families that have the letters of all European languages in the Latin alphabet. */
const fonts = {
  words: 'lora/400Regular/Lora_400Regular.ttf',
  heading: 'lora/600SemiBold/Lora_600SemiBold.ttf',
  plain: 'source-sans-3/400Regular/SourceSans3_400Regular.ttf',
} as const;

const A4 = { width: 210, height: 297 } as const;
const MARGIN = 22;
const INK = '#1a1714';
const PALE = '#55514a';
/** The words of a letter stand between these heights; longer ones go on overleaf. */
const WORDS = { top: 106, bottom: 205, width: 150 } as const;
/** Under the lowest window. */
const DATE_TOP = 94;
const CODE = { top: 214, size: 28 } as const;
const FOOT_BOTTOM = 285;
const FOLDS = [99, 198] as const;
/** Room for a signature by hand, in millimetres. */
const SIGNATURE = 12;

/** One letter as it is printed. */
export interface LetterPage {
  readonly address: readonly string[];
  readonly date: string;
  /** Words of the letter, paragraph by paragraph. */
  readonly paragraphs: readonly string[];
  /** How to leave, and who writes. */
  readonly foot: readonly string[];
  /** What the code leads to; null: no code. */
  readonly url: string | null;
  /** By which a letter that comes back is recognised. */
  readonly reference: string;
}

/** The paper that all letters share. */
export interface LetterPaper {
  readonly envelope: LetterSettings['envelope'];
  readonly shopName: string;
  readonly brandColour: string;
  /** Lines under the name of the shop; the first of them and the name stand small above the address. */
  readonly sender: readonly string[];
  readonly title: string;
  readonly now: Date;
}

const mm = (millimetres: number): number => millimetres * POINTS_PER_MM;

/** The letters as one PDF of A4 pages, with their addresses where the envelope shows them. */
export async function writeLetters(letters: readonly LetterPage[], paper: LetterPaper): Promise<Buffer> {
  return writeDocument(paper, (document) => {
    for (const letter of letters) {
      document.addPage({
        size: 'A4',
        margins: {
          left: mm(MARGIN),
          right: mm(MARGIN),
          top: mm(MARGIN),
          bottom: mm(A4.height - WORDS.bottom),
        },
      });
      drawHead(document, paper);
      drawAddress(document, letter, paper);
      drawFoot(document, letter);
      // Last: whatever does not fit goes on a page of its own, after everything of the first.
      drawWords(document, letter);
    }
  });
}

/** Addresses on sheets of labels 70 × 37 mm; so many of the first sheet have been used. */
export async function writeLabels(
  addresses: readonly (readonly string[])[],
  paper: Pick<LetterPaper, 'title' | 'now'>,
  used: number,
): Promise<Buffer> {
  return writeDocument(paper, (document) => {
    let sheets = 0;
    for (const [number, lines] of addresses.entries()) {
      const { sheet, left, top } = labelPlace(number, used);
      while (sheets <= sheet) {
        document.addPage({ size: 'A4', margin: 0 });
        sheets += 1;
      }
      drawLabel(document, lines, { left, top });
    }
  });
}

async function writeDocument(
  { title, now }: Pick<LetterPaper, 'title' | 'now'>,
  draw: (document: Document) => void,
): Promise<Buffer> {
  // A tenth of a second of start, needed only when something is printed.
  const { default: PDFDocument } = await import('pdfkit');
  const document = new PDFDocument({
    autoFirstPage: false,
    info: { Title: title, CreationDate: now, ModDate: now },
  });
  for (const [name, file] of Object.entries(fonts)) document.registerFont(name, fontFile(file));
  const parts: Buffer[] = [];
  document.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise<void>((resolve, reject) => {
    document.on('end', resolve);
    document.on('error', reject);
  });
  draw(document);
  document.end();
  await ended;
  return Buffer.concat(parts);
}

/** Lines under one another, each shortened by a smaller letter where it would not fit the width. */
function drawLines(
  document: Document,
  lines: readonly string[],
  at: { readonly left: number; readonly top: number; readonly width: number; readonly size: number },
): void {
  for (const [number, line] of lines.entries()) {
    document.font('plain').fontSize(at.size);
    const width = document.widthOfString(line);
    const size = width > mm(at.width) ? (at.size * mm(at.width)) / width : at.size;
    document
      .fontSize(size)
      .text(line, mm(at.left), mm(at.top) + number * at.size * 1.35, { lineBreak: false });
  }
}

function drawHead(document: Document, { shopName, brandColour, sender }: LetterPaper): void {
  document.font('heading').fontSize(18).fillColor(brandColour);
  document.text(shopName, mm(MARGIN), mm(18), { width: mm(84) });
  document.font('plain').fontSize(9).fillColor(PALE);
  document.moveDown(0.3);
  for (const line of sender) document.text(line, { width: mm(84) });
  for (const fold of FOLDS)
    document.moveTo(mm(4), mm(fold)).lineTo(mm(9), mm(fold)).lineWidth(0.4).strokeColor('#888888').stroke();
}

function drawAddress(document: Document, { address }: LetterPage, paper: LetterPaper): void {
  const { left, top, width, senderTop } = addressFields[paper.envelope];
  document.fillColor(PALE);
  if (senderTop !== null) {
    const sender = [paper.shopName, ...paper.sender.slice(0, 1)].join(', ');
    drawLines(document, [sender], { left, top: senderTop, width, size: 7 });
  }
  document.fillColor(INK);
  drawLines(document, address, { left, top, width, size: 11 });
}

function drawWords(document: Document, { date, paragraphs }: LetterPage): void {
  document.font('words').fontSize(11.5).fillColor(INK);
  document.text(date, mm(MARGIN), mm(DATE_TOP), { lineBreak: false });
  document.x = mm(MARGIN);
  document.y = mm(WORDS.top);
  document.fontSize(12);
  for (const [number, paragraph] of paragraphs.entries()) {
    const [first = '', ...rest] = paragraph.split('\n');
    const isSigned = number === paragraphs.length - 1 && rest.length > 0;
    const lines = isSigned ? [first] : [first, ...rest];
    for (const line of lines) document.text(line, { width: mm(WORDS.width), lineGap: 4 });
    if (isSigned) {
      document.y += mm(SIGNATURE);
      for (const line of rest) document.text(line, { width: mm(WORDS.width), lineGap: 4 });
    }
    document.y += mm(3.2);
  }
}

function drawFoot(document: Document, { foot, url, reference }: LetterPage): void {
  const [leave = '', ...who] = foot;
  // The foot stands under the words' own bottom margin.
  const { bottom } = document.page.margins;
  document.page.margins.bottom = 0;
  if (url !== null) {
    document
      .moveTo(mm(MARGIN), mm(CODE.top - 6))
      .lineTo(mm(A4.width - MARGIN), mm(CODE.top - 6))
      .lineWidth(0.7)
      .strokeColor('#cfc9bd')
      .stroke();
    drawCode(document, url);
    document.font('plain').fontSize(10.5).fillColor(INK);
    document.text(leave, mm(MARGIN + CODE.size + 7), mm(CODE.top + 6), { width: mm(120) });
  }
  document.font('plain').fontSize(8.5).fillColor(PALE);
  const lines = [...(url === null ? [leave] : []), [...who, reference].join('. ')];
  const width = mm(A4.width - 2 * MARGIN);
  const height = lines.reduce((sum, line) => sum + document.heightOfString(line, { width }), 0);
  document.text(lines.join('\n'), mm(MARGIN), mm(FOOT_BOTTOM) - height, { width });
  document.page.margins.bottom = bottom;
}

/** A QR code of vectors, error correction M, in a square of CODE.size. */
function drawCode(document: Document, url: string): void {
  const { modules } = create(url, { errorCorrectionLevel: 'M' });
  const side = mm(CODE.size) / modules.size;
  for (const { row, column, length } of runsOf(modules.size, (y, x) => modules.get(y, x) === 1))
    document.rect(mm(MARGIN) + column * side, mm(CODE.top) + row * side, length * side, side);
  document.fillColor(INK).fill();
}

function drawLabel(
  document: Document,
  lines: readonly string[],
  { left, top }: { readonly left: number; readonly top: number },
): void {
  const size = 11;
  const height = (lines.length * size * 1.35) / POINTS_PER_MM;
  document.fillColor(INK);
  drawLines(document, lines, {
    left: left + 7,
    top: top + (labelSheet.height - height) / 2,
    width: labelSheet.width - 12,
    size,
  });
}
