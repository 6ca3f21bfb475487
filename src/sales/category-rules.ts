import { foldName } from '../kernel/text.ts';
import type { HeadNounCounter } from './head-noun.ts';
import type { CategoryRule } from './schema.ts';

/** A category by its names from the root, and whether its purchases say when it is needed again. */
export interface CategoryChoice {
  readonly path: readonly string[];
  readonly hasClock: boolean;
}

/** Where a product without any category goes. Nothing can be learned from a mixture, so it has no clock. */
export const UNSORTED = 'Senza categoria';

interface Facts {
  readonly code: string;
  readonly description: string;
  readonly category: string;
}

/** The folded name by which imports find a category again: "Bagno > Corpo" -> "bagno > corpo". */
export function categoryLookupName(path: readonly string[]): string {
  return path.map((name) => foldName(name) || name.trim().toLowerCase()).join(' > ');
}

/** The category of a new product by the rule of a mapping. `nouns` must have counted the file for `head_noun`. */
export function categoryChooser(
  rule: CategoryRule,
  nouns: HeadNounCounter | null,
): (facts: Facts) => CategoryChoice {
  switch (rule.rule) {
    case 'column':
      return (facts) => chosen(facts.category.split(rule.separator).map((name) => name.trim()));
    case 'fixed':
      return () => chosen([rule.name]);
    case 'code_prefix':
      return (facts) => chosen([facts.code.slice(0, rule.length)]);
    case 'head_noun':
      return nouns ? headNounChooser(rule, nouns) : () => chosen([rule.restName]);
  }
}

function headNounChooser(
  rule: Extract<CategoryRule, { rule: 'head_noun' }>,
  counter: HeadNounCounter,
): (facts: Facts) => CategoryChoice {
  const counts = counter.nouns();
  return (facts) => {
    if (!isGoodsCode(facts.code, rule.goodsCodeDigits)) return { path: [rule.otherName], hasClock: false };
    const noun = counter.nounOf(facts.code, facts.description);
    return chosen([(counts.get(noun) ?? 0) >= rule.minimumLines ? noun : rule.restName]);
  };
}

/** Whether an article code begins with so many digits; fees and postage do not. */
export function isGoodsCode(code: string, digits: number): boolean {
  if (code.length < digits) return false;
  for (let index = 0; index < digits; index++) {
    const character = code.charCodeAt(index);
    if (character < 48 || character > 57) return false;
  }
  return true;
}

function chosen(path: readonly string[]): CategoryChoice {
  const filled = path.filter((name) => name !== '');
  return filled.length > 0 ? { path: filled, hasClock: true } : { path: [UNSORTED], hasClock: false };
}
