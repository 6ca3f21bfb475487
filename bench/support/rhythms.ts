import type { Day } from '../../src/kernel/day.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Random } from '../../src/kernel/random.ts';
import { DEPARTMENTS, PRODUCTS, TillFile, cardOf } from './till-file.ts';

/** Lines that 100,000 contacts and the passers-by leave in 700 days. */
const LINES_PER_CONTACT_DAY = 5_000_000 / 100_000 / 700;
/** Categories of a customer, at most. */
const BREADTH = 4;
const DROP_OUT_SHARE = 0.25;
const DROP_OUT_DAYS = 700;
const RETURN_SHARE = 0.01;
/** Spread of a person's own pace around the category's, and of single gaps around the pace: standard deviations of ln days. */
const PACE_SIGMA = 0.4;
const GAP_SIGMA = 0.35;

interface Sale {
  readonly contact: number;
  readonly product: number;
}

/**
 * A till file in which every customer buys one to `breadth` categories (four), each at a pace of their own (20 to 180 days), a quarter of
 * these needs given up somewhere; the rest of the lines are without a card. Paces are lived backwards from the last day,
 * so that a shorter history is the end of a longer one: the same people are due after both.
 */
export async function writeShopSales(
  path: string,
  options: { lines: number; contacts: number; lastDay: Day; breadth?: number; days?: number },
): Promise<{ lines: number; days: number }> {
  const { contacts, lastDay, breadth = BREADTH } = options;
  const days = options.days ?? Math.max(1, Math.round(options.lines / contacts / LINES_PER_CONTACT_DAY));
  const calendar = livePaces({ contacts, days, breadth });
  const known = calendar.reduce((sum, sales) => sum + sales.length, 0);
  const anonymousPerDay = Math.max(0, (options.lines - known) / days);
  const file = new TillFile(path);
  const random = seededRandom('bench till');
  let number = 0;
  let lines = 0;
  for (let index = 0; index < days; index += 1) {
    const day = lastDay - days + 1 + index;
    const receipts = [
      ...receiptsOf(calendar[index] ?? []),
      ...anonymousReceipts(
        random,
        Math.round((index + 1) * anonymousPerDay) - Math.round(index * anonymousPerDay),
      ),
    ];
    for (const receipt of receipts) {
      const time = `${9 + random.integer(10)}:${10 + random.integer(50)}`;
      await file.write({ number: ++number, day, time, isReturn: random.next() < RETURN_SHARE, ...receipt });
      lines += receipt.products.length;
    }
    calendar[index] = [];
  }
  await file.close();
  return { lines, days };
}

/** What was bought on each of the last `days` days, oldest first, contacts in order. */
function livePaces({ contacts, days, breadth }: Record<'contacts' | 'days' | 'breadth', number>): Sale[][] {
  const calendar = Array.from({ length: days }, (): Sale[] => []);
  for (let contact = 0; contact < contacts; contact += 1) {
    const random = seededRandom(`bench pace ${contact}`);
    const categories = new Set(
      Array.from({ length: 1 + random.integer(breadth) }, () => random.integer(DEPARTMENTS)),
    );
    for (const category of categories) {
      const paceDays = medianDays(category) * Math.exp(PACE_SIGMA * random.normal());
      const isGivenUp = random.next() < DROP_OUT_SHARE;
      let age = random.next() * (isGivenUp ? DROP_OUT_DAYS : paceDays);
      // All of the years are drawn whatever is kept: the chance of a short history is that of a long one.
      for (; age < DROP_OUT_DAYS; age += Math.max(1, paceDays * Math.exp(GAP_SIGMA * random.normal()))) {
        const product = category + DEPARTMENTS * random.integer(Math.floor(PRODUCTS / DEPARTMENTS));
        calendar[days - 1 - Math.floor(age)]?.push({ contact, product });
      }
    }
  }
  return calendar;
}

/** From 20 to 180 days, evenly on the logarithm. */
const medianDays = (category: number): number => 20 * 9 ** (category / (DEPARTMENTS - 1));

function receiptsOf(sales: readonly Sale[]): { card: string; products: number[] }[] {
  return [...Map.groupBy(sales, (sale) => sale.contact)].map(([contact, own]) => ({
    card: cardOf(contact),
    products: own.map((sale) => sale.product),
  }));
}

function anonymousReceipts(random: Random, lines: number): { card: string; products: number[] }[] {
  const receipts: { card: string; products: number[] }[] = [];
  for (let left = lines; left > 0;) {
    const size = Math.min(left, 1 + random.integer(4));
    receipts.push({ card: '', products: Array.from({ length: size }, () => random.integer(PRODUCTS)) });
    left -= size;
  }
  return receipts;
}
