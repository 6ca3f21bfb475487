/**
 * The head noun of a product description, upper case and singular (clocks.md 7, step 3). `rest` when no word is left.
 * "PACK OF 72 RETROSPOT CAKE CASES" -> CASE; "LUNCH BOX WITH CUTLERY RETROSPOT" -> BOX.
 */
export function headNounOf(description: string, stopWords: ReadonlySet<string>, rest: string): string {
  let text = description.toUpperCase().replace(/\(.*?\)/g, '');
  const comma = text.indexOf(',');
  if (comma >= 0 && text.slice(0, comma).trim().split(/\s+/).length > 1) text = text.slice(0, comma);
  const cut = /( WITH | IN | FOR | W\/| ON | FROM )/.exec(text);
  if (cut) text = text.slice(0, cut.index);
  const words = (text.match(/[A-Z]+/g) ?? []).filter((word) => word.length > 2 && !stopWords.has(word));
  const last = words[words.length - 1];
  return last === undefined ? rest : singular(last);
}

function singular(word: string): string {
  if (word.endsWith('IES')) return `${word.slice(0, -3)}Y`;
  if (/(SS|X|SH|CH)ES$/.test(word)) return word.slice(0, -2);
  return word.endsWith('S') && !word.endsWith('SS') ? word.slice(0, -1) : word;
}

/**
 * Learns from a file which nouns are large enough to be categories: the first description of each article and the
 * lines of each noun are counted while the file is read once, before the import reads it again.
 */
export class HeadNounCounter {
  readonly #stopWords: ReadonlySet<string>;
  readonly #rest: string;
  readonly #descriptions = new Map<string, string>();
  readonly #lines = new Map<string, number>();

  constructor(rule: { stopWords: readonly string[]; restName: string }) {
    this.#stopWords = new Set(rule.stopWords);
    this.#rest = rule.restName;
  }

  /** Counts one sale line; the first description that is not empty is the article's. */
  count(code: string, description: string): void {
    if (description !== '' && !this.#descriptions.has(code)) this.#descriptions.set(code, description);
    this.#lines.set(code, (this.#lines.get(code) ?? 0) + 1);
  }

  /** Lines by noun. */
  nouns(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const [code, lines] of this.#lines) {
      const noun = this.nounOf(code, '');
      counts.set(noun, (counts.get(noun) ?? 0) + lines);
    }
    return counts;
  }

  /** The noun of an article: of its counted description, or of the one given where it was never counted. */
  nounOf(code: string, description: string): string {
    return headNounOf(this.#descriptions.get(code) ?? description, this.#stopWords, this.#rest);
  }
}
