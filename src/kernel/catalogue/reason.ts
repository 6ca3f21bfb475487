import { weekdayInWords } from '../day.ts';
import type { Language } from '../language.ts';
import { readReason } from '../reason.ts';
import { sentence } from './index.ts';

/** A cap in words: "un messaggio via SMS ogni 30 giorni". */
export function capInWords(
  cap: {
    readonly max: number;
    readonly days: number;
    readonly channels?: readonly string[];
    readonly classes?: readonly string[];
    readonly kinds?: readonly string[];
    readonly tags?: readonly string[];
  },
  language: Language,
): string {
  const anyOf = new Intl.ListFormat(language, { type: 'disjunction' });
  const what = [
    ...(cap.classes ?? []).map((name) => sentence(`cap.class_${name}`, language)),
    ...(cap.kinds ?? []).map((name) => sentence(`cap.kind_${name}`, language)),
    ...(cap.tags?.length ? [sentence('cap.tags', language, { tags: anyOf.format(cap.tags) })] : []),
    ...(cap.channels?.length
      ? [
          sentence('cap.channels', language, {
            channels: anyOf.format(cap.channels.map((name) => sentence(`channel.${name}`, language))),
          }),
        ]
      : []),
  ];
  const count = cap.max === 0 ? 'none' : cap.max === 1 ? 'one' : 'many';
  return [
    sentence(`cap.count_${count}`, language, { max: cap.max }),
    ...what,
    sentence(cap.days === 1 ? 'cap.span_one' : 'cap.span_many', language, { days: cap.days }),
  ].join(' ');
}

/** A reason as it is kept (kernel/reason.ts), in a sentence for a person. */
export function reasonInWords(reason: string, language: Language): string {
  const { code, particulars } = readReason(reason);
  const { max, days = '', day, channels, class: messageClass, kind, tags } = particulars;
  const cap =
    max === undefined
      ? ''
      : capInWords(
          {
            max: Number(max),
            days: Number(days),
            channels: channels?.split(',') ?? [],
            classes: messageClass === undefined ? [] : [messageClass],
            kinds: kind === undefined ? [] : [kind],
            tags: tags?.split(',') ?? [],
          },
          language,
        );
  const when =
    day === undefined ? sentence('reason.another_day', language) : weekdayInWords(Number(day), language);
  return sentence(`reason.${code}`, language, { cap, days, when });
}
