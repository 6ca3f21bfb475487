import { sentence } from '../kernel/catalogue/index.ts';
import { capInWords } from '../kernel/catalogue/reason.ts';
import type { Language } from '../kernel/language.ts';
import type { ExclusionRule, Pressure, Scope } from './limits.ts';

/** Every rule in words: the caps, then what must not come close together, then what is kept for care. */
export function describePressure({ caps, exclusions, careShare }: Pressure, language: Language): string[] {
  return [
    ...caps.map((cap) => sentence('pressure.cap', language, { cap: capInWords(cap, language) })),
    ...exclusions.map((rule) => describeExclusion(rule, language)),
    ...(careShare > 0 ? [sentence('pressure.care', language, { percent: Math.round(careShare * 100) })] : []),
  ];
}

function describeExclusion({ scope, other, days }: ExclusionRule, language: Language): string {
  const name = (one: Scope): string =>
    [...one.tags, ...one.kinds.map((kind) => sentence(`pressure.kind_${kind}`, language))].join(', ') ||
    sentence('pressure.any', language);
  return sentence('pressure.exclusion', language, { one: name(scope), other: name(other), days });
}
