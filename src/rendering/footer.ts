import type { Business } from '../business/schema.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import { dayInWords, dayOfInstant } from '../kernel/day.ts';
import type { ContentRow } from './queries.ts';

/** Where a person leaves and chooses: pages where they can be reached, a mail in any case. */
export function linksOf(
  options: { publicUrl: string | null; token: string },
  replyAddress: string,
  subject: string,
): { unsubscribe: string; preferences: string; mailto: string } {
  const mailto = `mailto:${replyAddress}?subject=${encodeURIComponent(subject)}`;
  if (options.publicUrl === null) return { unsubscribe: '', preferences: '', mailto };
  return {
    unsubscribe: `${options.publicUrl}/u/${options.token}`,
    preferences: `${options.publicUrl}/p/${options.token}`,
    mailto,
  };
}

/** Sender identity that every commercial mail carries (law.md EML-4). */
export function identityOf(business: Business): string {
  const vat = business.vatNumber === '' ? '' : `P.IVA\u00a0${business.vatNumber}`;
  return [business.legalName || business.name, business.address, vat]
    .filter((part) => part !== '')
    .join(', ');
}

/** Why the person gets this: when and how they said yes. */
export function whySentence(row: ContentRow, business: Business, today: number): string {
  const { language, formOfAddress } = business;
  const key = `mail.why_${formOfAddress}`;
  if (!row.granted_at || !row.method) return sentence('mail.why_unknown', language, { shop: business.name });
  const day = dayInWords(dayOfInstant(row.granted_at, business.timeZone), language, today);
  return sentence(key, language, { day, method: sentence(`method.${row.method}`, language) });
}

/** Under a letter: how to choose or leave by the page of one's choices, else in person, and who wrote. */
export function leaveByHand(links: { readonly preferences: string }, business: Business): string[] {
  const { language, formOfAddress, phone } = business;
  const way =
    links.preferences !== '' ? 'page' : phone !== '' ? 'phone' : business.email !== '' ? 'email' : 'shop';
  const words = sentence(`letter.leave_${way}_${formOfAddress}`, language, {
    phone,
    email: business.email,
    url: links.preferences,
  });
  return [words, identityOf(business)];
}

/** The end of the plain text: why it came, how to leave, who wrote. */
export function footerText(page: {
  readonly why: string;
  readonly links: { readonly unsubscribe: string; readonly preferences: string };
  readonly shop: { readonly identity: string };
  readonly words: { readonly stop: string; readonly choices: string; readonly stop_by_reply: string };
}): string {
  const { words, links } = page;
  const ways =
    links.unsubscribe === ''
      ? [words.stop_by_reply]
      : [`${words.stop}: ${links.unsubscribe}`, `${words.choices}: ${links.preferences}`];
  return [page.why, ...ways, page.shop.identity].join('\n');
}
