/**
 * A reason with its particulars in one short text, which can be stored, counted and told: `caps.reached?max=1&days=14`. The part
 * before the question mark is a stable code.
 */
export type ReasonText<Code extends string = string> = Code | `${Code}?${string}`;

/** Names of particulars and their values; a list is joined by a comma. */
export type Particulars = Readonly<Record<string, string | number>>;

export function reasonText<Code extends string>(code: Code, particulars: Particulars): ReasonText<Code> {
  const words = new URLSearchParams(
    Object.entries(particulars).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return words.size === 0 ? code : `${code}?${words.toString()}`;
}

export function readReason(text: string): {
  readonly code: string;
  readonly particulars: Readonly<Record<string, string>>;
} {
  const [code = '', words = ''] = text.split('?', 2);
  return { code, particulars: Object.fromEntries(new URLSearchParams(words)) };
}

/** The same reason with the day it is about (days since 1970). */
export function withDay(text: string, day: number): string {
  const { code, particulars } = readReason(text);
  return reasonText(code, { ...particulars, day });
}

/** The same reason without the day it names: what several people have in common. */
export function withoutDay(text: string): string {
  const { code, particulars } = readReason(text);
  const { day: _day, ...common } = particulars;
  return reasonText(code, common);
}
