import { sentence } from '../kernel/catalogue/index.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, dayInWords } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';

/** Audience and dates of a campaign in one sentence: "Per chi compra capsule, dal 3 al 9 dicembre". */
export function describeCampaign(options: {
  categoryNames: readonly string[];
  startsOn: string;
  endsOn: string;
  language: Language;
  today: Day;
}): string {
  const { categoryNames, language, today } = options;
  const who =
    categoryNames.length === 0
      ? sentence('campaign.for_everyone', language)
      : sentence('campaign.for_buyers', language, {
          categories: new Intl.ListFormat(language, { type: 'disjunction' }).format(categoryNames),
        });
  const from = dayInWords(dayFromIso(options.startsOn), language, today);
  const to = dayInWords(dayFromIso(options.endsOn), language, today);
  return from === to
    ? sentence('campaign.one_day', language, { who, day: from })
    : sentence('campaign.days', language, { who, from, to });
}
