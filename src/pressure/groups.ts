import type { CapRule, CountedMessage, ExclusionRule, Pressure, Scope } from './limits.ts';
import { capsOf, isInScope } from './limits.ts';

/** Scopes that the rules may tell apart: a message's groups are the bits of a 16-bit number. */
export const GROUPS_MAX = 16;

/** The rules by numbered groups: a message belongs to group g where it is in the scope g. */
export interface PressureGroups {
  readonly scopes: readonly Scope[];
  /** Each cap with the number of its scope. */
  readonly caps: readonly { readonly group: number; readonly rule: CapRule }[];
  readonly exclusions: readonly {
    readonly group: number;
    readonly other: number;
    readonly rule: ExclusionRule;
  }[];
}

/** Group 0 is every message that counts, whatever the rules. */
export function groupsOf(pressure: Pressure): PressureGroups {
  const scopes: Scope[] = [];
  const numbers = new Map<string, number>();
  const numberOf = ({ channels, classes, kinds, tags }: Scope): number => {
    const scope = { channels, classes, kinds, tags };
    const name = JSON.stringify(Object.values(scope).map((names) => [...names].sort()));
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, scopes.length);
    return scopes.push(scope) - 1;
  };
  numberOf({ channels: [], classes: [], kinds: [], tags: [] });
  const caps = capsOf(pressure).map((rule) => ({ group: numberOf(rule), rule }));
  const exclusions = pressure.exclusions.map((rule) => ({
    group: numberOf(rule.scope),
    other: numberOf(rule.other),
    rule,
  }));
  return { scopes, caps, exclusions };
}

/** The groups of a message, as bits. */
export function bitsOf({ scopes }: PressureGroups, message: CountedMessage): number {
  let bits = 0;
  for (const [group, scope] of scopes.entries()) if (isInScope(scope, message)) bits |= 1 << group;
  return bits;
}
