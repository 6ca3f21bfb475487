import type { Cap, ContactRules, Problem } from './problem.ts';

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

export function bindingRules(problem: Problem, { caps, exclusions }: ContactRules): BindingRules {
  const spacing = caps.filter((cap) => isSpacing(problem, cap));
  const several = caps.filter((cap) => !spacing.includes(cap));
  return {
    all: caps,
    several,
    overall: several.filter(({ group }) => isOfAll(problem, group)),
    spacing: Math.max(1, ...spacing.map(({ windowDays }) => windowDays)),
    exclusions,
    hasNone: caps.some(({ max }) => max === 0),
  };
}

/** Whether a cap lets one message only in its window, of a group to which every option belongs. */
function isSpacing(problem: Problem, { group, max }: Cap): boolean {
  return max === 1 && isOfAll(problem, group);
}

const isOfAll = ({ groups }: Problem, group: number): boolean =>
  groups.every((own) => ((own >> group) & 1) === 1);
