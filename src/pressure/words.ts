import { sentence } from '../kernel/catalogue/index.ts';
import { capInWords } from '../kernel/catalogue/reason.ts';
import { weekdayNameInWords } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import type { QuietRule } from './hours.ts';
import type { ExclusionRule, Pressure, Scope } from './limits.ts';
import type { PressureState } from './schema.ts';

/** Every rule in words: caps, what must not come close together, days of rest, and what is kept for care. */
export function describePressure(
  { caps, exclusions, quiet, careShare }: Pressure,
  language: Language,
): PressureState['sentences'] {
  return {
    caps: caps.map((cap) => sentence('pressure.cap', language, { cap: capInWords(cap, language) })),
    exclusions: exclusions.map((rule) => describeExclusion(rule, language)),
    quiet: quiet.map((rule) => describeQuiet(rule, language)),
    care: careShare > 0 ? sentence('pressure.care', language, { percent: Math.round(careShare * 100) }) : '',
  };
}

function describeExclusion({ scope, other, days }: ExclusionRule, language: Language): string {
  return sentence('pressure.exclusion', language, {
    one: scopeInWords(scope, language) ?? sentence('pressure.any', language),
    other: isAlike(scope, other)
      ? sentence('pressure.alike', language)
      : (scopeInWords(other, language) ?? sentence('pressure.other', language)),
    days: sentence(days === 1 ? 'pressure.days_one' : 'pressure.days_many', language, { days }),
  });
}

const isAlike = (scope: Scope, other: Scope): boolean =>
  (['channels', 'classes', 'kinds', 'tags'] as const).every(
    (part) => [...scope[part]].sort().join() === [...other[part]].sort().join(),
  );

/** A message of a scope: "una promozione su moda per SMS"; null where it is any message. */
function scopeInWords({ channels, classes, kinds, tags }: Scope, language: Language): string | null {
  if ([channels, classes, kinds, tags].every((names) => names.length === 0)) return null;
  const anyOf = new Intl.ListFormat(language, { type: 'disjunction' });
  const nouns = classes.map((name) => sentence(`pressure.class_${name}`, language));
  const from = kinds.map((name) =>
    sentence(classes.length === 0 ? `pressure.kind_${name}` : `cap.kind_${name}`, language),
  );
  if (classes.length === 0) nouns.push(...from.splice(0));
  const ways = channels.map((name) => sentence(`channel.${name}`, language));
  return [
    nouns.length > 0 ? anyOf.format(nouns) : sentence('pressure.any', language),
    ...(from.length > 0 ? [anyOf.format(from)] : []),
    ...(tags.length > 0 ? [sentence('cap.tags', language, { tags: anyOf.format(tags) })] : []),
    ...(ways.length > 0 ? [sentence('cap.channels', language, { channels: anyOf.format(ways) })] : []),
  ].join(' ');
}

function describeQuiet({ channels, weekdays, onHolidays }: QuietRule, language: Language): string {
  const days = [
    ...weekdays.map((weekday) =>
      sentence('pressure.on_weekday', language, { weekday: weekdayNameInWords(weekday, language) }),
    ),
    ...(onHolidays ? [sentence('pressure.on_holidays', language)] : []),
  ];
  if (days.length === 0) return sentence('pressure.quiet_never', language);
  const names = channels.map((name) => sentence(`pressure.no_${name}`, language));
  const text = sentence('pressure.quiet', language, {
    days: new Intl.ListFormat(language, { type: 'conjunction' }).format(days),
    what:
      names.length === 0
        ? sentence('pressure.no_messages', language)
        : new Intl.ListFormat(language, { type: 'disjunction' }).format(names),
  });
  return text.charAt(0).toUpperCase() + text.slice(1);
}
