import type { Table } from '../importing/actions.ts';
import { isGoodsCode } from './category-rules.ts';
import { HeadNounCounter } from './head-noun.ts';
import { LineReader } from './line-reader.ts';
import type { SalesMapping } from './schema.ts';

/**
 * The head nouns of a file are counted over sales of goods to known customers (clocks.md 7, steps 1 to 4), before the file
 * is read again; null where categories come from elsewhere.
 */
export async function countNouns(
  table: Table,
  mapping: SalesMapping,
  context: { readonly timeZone: string; readonly now: Date },
): Promise<HeadNounCounter | null> {
  const rule = mapping.category;
  if (rule.rule !== 'head_noun') return null;
  const counter = new HeadNounCounter(rule);
  const reader = new LineReader(mapping, table.header, table.sample, context);
  for await (const batch of table.batches()) {
    for (const { cells } of batch) {
      if (reader.read(cells) !== null || reader.customerKind === null) continue;
      const isSale = !reader.isReturn && reader.quantity > 0;
      if (isSale && isGoodsCode(reader.code, rule.goodsCodeDigits))
        counter.count(reader.code, reader.description);
    }
  }
  return counter;
}
