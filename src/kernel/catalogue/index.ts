import type { Language, Sentences } from '../language.ts';
import { elideArticles, fillSentence } from '../language.ts';
import { businessSentences } from './business.ts';
import { campaignSentences } from './campaigns.ts';
import { clockSentences } from './clocks.ts';
import { commandLineSentences } from './command-line.ts';
import { commonSentences } from './common.ts';
import { contactSentences } from './contacts.ts';
import { databaseSentences } from './database.ts';
import { handSentences } from './hand.ts';
import { mailSentences } from './mail.ts';
import { planSentences } from './plan.ts';
import { publicSentences } from './public.ts';
import { resultSentences } from './results.ts';
import { salesSentences } from './sales.ts';

const parts: readonly Sentences[] = [
  commandLineSentences,
  commonSentences,
  businessSentences,
  campaignSentences,
  clockSentences,
  contactSentences,
  databaseSentences,
  handSentences,
  mailSentences,
  planSentences,
  publicSentences,
  resultSentences,
  salesSentences,
];

/** Every key of the message catalogue, for the test that compares languages and codes. */
export function catalogueKeys(language: Language): string[] {
  return parts.flatMap((part) => Object.keys(part[language]));
}

/** A sentence of the catalogue with its placeholders filled. An unknown key comes back as itself, which a test forbids. */
export function sentence(
  key: string,
  language: Language,
  params: Readonly<Record<string, string | number>> = {},
): string {
  for (const part of parts) {
    const found = part[language][key];
    if (found === undefined) continue;
    const filled = fillSentence(found, params);
    return language === 'it' ? elideArticles(filled) : filled;
  }
  return key;
}
