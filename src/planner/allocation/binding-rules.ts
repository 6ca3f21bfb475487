import type { Cap, ContactRules } from './problem.ts';

/** The rules of a contact, apart by how they are looked at. */
export interface BindingRules {
  readonly all: readonly Cap[];
  /** Caps that may bind several messages of a plan. Those that only keep any two apart are in the spacing. */
  readonly several: readonly Cap[];
  /** Those of them that bind messages of whatever group. */
  readonly overall: readonly Cap[];
  /** Days that must pass between any two messages, whatever they are: the longest window of such a cap, a day at least. */
  readonly spacing: number;
  readonly exclusions: ContactRules['exclusions'];
  readonly hasNone: boolean;
}

/** Groups to which every option of a problem belongs, as bits. */
export const commonGroups = (groups: Uint16Array): number => groups.reduce((bits, own) => bits & own, 0xffff);

/** The rules of a contact in a problem with these common groups. */
export function bindingRules({ caps, exclusions }: ContactRules, common: number): BindingRules {
  const isOfAll = ({ group }: Cap): boolean => ((common >> group) & 1) === 1;
  // One message only in its window, whatever it is.
  const spacing = caps.filter((cap) => cap.max === 1 && isOfAll(cap));
  const several = caps.filter((cap) => !spacing.includes(cap));
  return {
    all: caps,
    several,
    overall: several.filter(isOfAll),
    spacing: Math.max(1, ...spacing.map(({ windowDays }) => windowDays)),
    exclusions,
    hasNone: caps.some(({ max }) => max === 0),
  };
}
