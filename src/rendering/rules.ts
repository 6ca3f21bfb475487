const OPENING_MAX = 140;

/** First words of a message for a list: the first paragraph after the greeting, cut at a word. */
export function openingOf(text: string): string {
  const paragraphs = paragraphsOf(text);
  const first = (paragraphs.length > 1 ? paragraphs[1] : paragraphs[0]) ?? '';
  const line = first.replace(/\s+/g, ' ').trim();
  if (line.length <= OPENING_MAX) return line;
  return `${line.slice(0, OPENING_MAX).replace(/\s+\S*$/, '')}…`;
}

/** Paragraphs of a plain text: blank lines separate them. */
export function paragraphsOf(text: string): string[] {
  return text
    .replaceAll('\r\n', '\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
}

/** The same line twice in a row is there once: a shop that signs with its own name signs once. */
export function withoutRepeatedLines(text: string): string {
  return text.replace(/^(.+)\n\1$/gm, '$1');
}

/** How a person is greeted: by first name with "tu", by full name with "Lei", never "Egregio cliente". */
export function salutationOf(
  person: { firstName: string; lastName: string; companyName: string },
  form: { language: string; formOfAddress: string },
): string {
  const full = person.companyName || `${person.firstName} ${person.lastName}`.trim();
  if (form.language === 'en') {
    if (form.formOfAddress === 'tu') return `Hello${before(person.firstName)}`;
    return full === '' ? 'Good morning' : `Dear ${full}`;
  }
  if (form.formOfAddress === 'tu') return `Ciao${before(person.firstName)}`;
  return full === '' ? 'Buongiorno' : `Gentile ${full}`;
}

const before = (name: string): string => (name === '' ? '' : ` ${name}`);

/** A template's file: a first line "Subject: …", a blank line, the words. */
export function parseTemplateText(file: string): { subject: string; body: string } {
  const match = /^Subject: (.*)\n\s*\n([\s\S]*)$/.exec(file.replaceAll('\r\n', '\n'));
  return { subject: match?.[1]?.trim() ?? '', body: match?.[2]?.trim() ?? '' };
}
