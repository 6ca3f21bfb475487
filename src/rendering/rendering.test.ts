import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { addMessage, addPerson } from '../../test/support/people.ts';
import { approveMessages, editMessage } from '../sending/actions.ts';
import { checkFields, fillTemplate } from './liquid.ts';
import { freezeMessage, listTemplates, renderStoredMessage, saveTemplate, writeWords } from './actions.ts';
import { openingOf, paragraphsOf, parseTemplateText, salutationOf } from './rules.ts';

describe('a template', () => {
  const wrong = (template: string, facts: object = {}): string => {
    try {
      fillTemplate(template, facts, 'text');
    } catch (error) {
      return (error as { code: string }).code;
    }
    return 'filled';
  };

  it('escapes what is filled into a page, and leaves a text as it is', () => {
    const facts = { name: `<b>O'Neil & "C"</b>` };
    expect(fillTemplate('{{ name }}', facts, 'html')).toBe('&lt;b&gt;O&#39;Neil &amp; &#34;C&#34;&lt;/b&gt;');
    expect(fillTemplate('{{ name }}', facts, 'text')).toBe(facts.name);
  });

  it.each([
    ['a file by name', "{% include '../../../package.json' %}"],
    ['a file of the system', "{% render '/etc/passwd' %}"],
    ['a layout', "{% layout 'package.json' %}"],
  ])('cannot read %s', (_what, template) => {
    expect(wrong(template)).toBe('template_wrong');
  });

  it('sees only what it is given, not what objects inherit', () => {
    expect(
      fillTemplate('[{{ a.constructor }}{{ a.__proto__ }}{{ a.toString }}]', { a: { b: 1 } }, 'text'),
    ).toBe('[]');
  });

  it.each([
    ['endless work', '{% for a in (1..100000000) %}{% for b in (1..100000000) %}x{% endfor %}{% endfor %}'],
    [
      'endless memory',
      "{% assign a = 'xxxxxxxxxx' %}{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}{{ a }}",
    ],
    ['an endless text', '{{ a }}'.repeat(20_000)],
    ['a filter that does not exist', '{{ a | shell }}'],
    ['a field written badly', 'Ciao {{ contact.first_name'],
    ['a tag that does not exist', '{% system "ls" %}'],
  ])('with %s is refused in time', (_what, template) => {
    const started = performance.now();
    expect(wrong(template, { a: 1 })).toBe('template_wrong');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('with a field that does not exist is refused when it is saved, naming the field', () => {
    const facts = { contact: { first_name: 'Ada' } };
    expect(() => checkFields('Ciao {{ contact.first_name }}', facts)).not.toThrow();
    for (const template of [
      'Ciao {{ contact.nome }}',
      'Ciao {{ cliente }}',
      '{% if contact.vip %}!{% endif %}',
    ])
      expect(() => checkFields(template, facts)).toThrow(
        expect.objectContaining({ code: 'template_wrong' }) as Error,
      );
    expect.assertions(5);
    try {
      checkFields('Ciao {{ contact.nome }}', facts);
    } catch (error) {
      expect((error as { params: { detail: string } }).params.detail).toContain('contact.nome');
    }
  });
});

describe('a salutation', () => {
  const person = { firstName: 'Lucia', lastName: "D'Angelo", companyName: '' };
  const company = { firstName: '', lastName: '', companyName: 'Bar Sport srl' };
  const nobody = { firstName: '', lastName: '', companyName: '' };
  it.each([
    ['it', 'tu', person, 'Ciao Lucia'],
    ['it', 'lei', person, "Gentile Lucia D'Angelo"],
    ['en', 'tu', person, 'Hello Lucia'],
    ['en', 'lei', person, "Dear Lucia D'Angelo"],
    ['it', 'tu', company, 'Ciao'],
    ['it', 'lei', company, 'Gentile Bar Sport srl'],
    ['en', 'lei', company, 'Dear Bar Sport srl'],
    ['it', 'tu', nobody, 'Ciao'],
    ['it', 'lei', nobody, 'Buongiorno'],
    ['en', 'tu', nobody, 'Hello'],
    ['en', 'lei', nobody, 'Good morning'],
  ])('in %s with %s', (language, formOfAddress, who, expected) => {
    expect(salutationOf(who, { language, formOfAddress })).toBe(expected);
    expect(salutationOf(who, { language, formOfAddress })).not.toMatch(/client|customer/i);
  });
});

describe('a text', () => {
  it('is split at blank lines, whoever typed them', () => {
    expect(paragraphsOf('Uno\ndue\r\n\r\n  tre  \n \n\nquattro\n')).toEqual(['Uno\ndue', 'tre', 'quattro']);
  });

  it('is shown in a list by the first words after the greeting, cut at a word', () => {
    expect(openingOf('Ciao Ada,\n\nè arrivato il miele.\n\nA presto')).toBe('è arrivato il miele.');
    expect(openingOf('Una riga sola')).toBe('Una riga sola');
    const long = openingOf(`Ciao,\n\n${'parola '.repeat(60)}`);
    expect(long.length).toBeLessThanOrEqual(141);
    expect(long).toMatch(/ parola…$/);
  });

  it('of a template file has its subject in the first line', () => {
    expect(parseTemplateText('Subject: Una cosa\r\n\r\nCiao,\r\n\r\nA presto\r\n')).toEqual({
      subject: 'Una cosa',
      body: 'Ciao,\n\nA presto',
    });
    expect(parseTemplateText('senza')).toEqual({ subject: '', body: '' });
  });
});

describe('a message', async () => {
  const now = new Date('2026-11-24T09:00:00Z');
  const shop = await createTestApplication({ now, publicUrl: 'https://negozio.example.it' });
  const { database } = shop;
  const { raw } = database;
  const [campaign] = await raw<{ campaign_id: number }[]>`
    insert into campaign (name, class, starts_on, ends_on, audience, template_id, subject, body, created_at)
    values ('Natale', 'promotion', '2026-11-20', '2026-12-31', '{"kind":"everyone"}', 1, 'Una novità', ${'È arrivato il <miele> & altro.\n\nVieni ad assaggiarlo.'}, ${now}) returning campaign_id`;
  const campaignId = campaign?.campaign_id ?? 0;
  const contactId = await addPerson(shop, {
    firstName: 'Lucia <b>',
    lastName: 'Bianchi',
    consentedAt: new Date('2026-10-24T22:30:00Z'),
  });
  const message = await addMessage(shop, { contactId, campaignId, planDay: '2026-11-24' });
  const freeze = (publicUrl: string | null = shop.publicUrl) =>
    freezeMessage(database, message, { publicUrl, token: 'segreto', now });

  it('arrives as a page with everything escaped and everything the law asks', async () => {
    const { html, subject, unsubscribeUrl } = await freeze();
    expect(subject).toBe('Una novità');
    expect(html).toContain('Ciao Lucia &lt;b&gt;');
    expect(html).toContain('&lt;miele&gt; &amp; altro');
    expect(html).not.toMatch(/\{\{|\{%|<script|<img|(src|href)="http:/);
    for (const part of [
      'Bottega Inventata',
      'Via dell’Esempio 1, 00000 Borgo',
      'https://negozio.example.it/u/segreto',
      'https://negozio.example.it/p/segreto',
    ])
      expect(html).toContain(part);
    expect(unsubscribeUrl).toBe('https://negozio.example.it/u/segreto');
  });

  it('arrives as a text that can be read by itself', async () => {
    const { text } = await freeze();
    expect(text.split('\n\n')).toEqual([
      'Ciao Lucia <b>,',
      'È arrivato il <miele> & altro.',
      'Vieni ad assaggiarlo.',
      'A presto,\nMarta\nBottega Inventata',
      [
        '--',
        'Ti scrivo perché il 25 ottobre, su un foglio firmato, hai detto sì ai messaggi del negozio.',
        'Non scrivetemi più: https://negozio.example.it/u/segreto',
        'Le tue scelte: https://negozio.example.it/p/segreto',
        'Bottega Inventata, Via dell’Esempio 1, 00000 Borgo',
        '',
      ].join('\n'),
    ]);
  });

  it('without an address for the customers’ pages says how to leave by reply', async () => {
    const { html, text, unsubscribeUrl, unsubscribeMailto } = await freeze(null);
    expect(unsubscribeUrl).toBeNull();
    expect(unsubscribeMailto).toBe(
      'mailto:marta@bottega.example.it?subject=Non%20scrivetemi%20pi%C3%B9%20%5Bsegreto%5D',
    );
    expect(html).toContain('mailto:marta@bottega.example.it?subject=Non%20scrivetemi');
    expect(text).toContain('rispondi NO a questa email');
    expect(`${html}${text}`).not.toContain('undefined');
  });

  it('leaves as it was edited, letter by letter, braces and blanks included', async () => {
    const edited = await addMessage(shop, {
      contactId,
      campaignId,
      planDay: '2026-11-24',
      source: 'campaign:2',
    });
    const body =
      'Ciao Lucia,\n\n  ti ho messo da parte {{ contact.first_name }} due vasetti\n— uno al 10 % —\n\nMarta';
    await editMessage(database, edited, { subject: 'Per te & i tuoi', body });
    await approveMessages(database, [edited], null, now);
    const frozen = await freezeMessage(database, edited, { publicUrl: null, token: 't', now });
    expect(frozen.subject).toBe('Per te & i tuoi');
    expect(frozen.text.startsWith(`${body}\n\n--\n`)).toBe(true);
    expect(frozen.html).toContain('{{ contact.first_name }}');
  });

  it('once it left is shown as it left', async () => {
    const left = { subject: 'Com’era', html: '<p>Com’era</p>', text: 'Com’era' };
    await raw`update message set frozen = ${raw.json(left)} where message_id = ${message.messageId}`;
    expect(await renderStoredMessage(database, message, { publicUrl: null, now })).toEqual(left);
    await expect(
      renderStoredMessage(database, { contactId, messageId: 999_999 }, { publicUrl: null, now }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the templates of the shop', async () => {
  const now = new Date('2026-11-24T09:00:00Z');
  const shop = await createTestApplication({ now });
  const { database } = shop;
  const find = async (name: string) => {
    const template = (await listTemplates(database)).find((candidate) => candidate.name === name);
    if (!template) throw new Error(`no template ${name}`);
    return template;
  };
  const business = {
    name: 'Bottega', legalName: '', address: '', vatNumber: '', email: '', phone: '', sectors: [], language: 'it', timeZone: 'Europe/Rome', formOfAddress: 'tu',
    signature: 'Marta', brandColour: '#000000', isDemonstration: false, currency: 'EUR',
  }; // prettier-ignore

  it('are there for both reasons, languages and forms of address, and fill without holes', async () => {
    const templates = await database.query.selectFrom('template').selectAll().orderBy('name').execute();
    expect(templates.map(({ name }) => name)).toEqual(['promotion', 'refill'].flatMap((purpose) => ['en', 'it'].flatMap((language) => ['lei', 'tu'].map((form) => `${purpose}.${language}.${form}`)))); // prettier-ignore
    for (const template of templates) {
      const isRefill = template.name.startsWith('refill');
      const [, language, formOfAddress] = template.name.split('.');
      const { subject, body } = writeWords(
        template,
        {
          firstName: 'Lucia',
          lastName: 'Bianchi',
          companyName: '',
          categoryName: isRefill ? 'Miele' : null,
          campaign: isRefill ? null : { name: 'Natale', subject: 'Una novità', body: 'È arrivato.' },
          clock: isRefill ? { lastDay: 20_765, typicalGapDays: 30 } : null,
        },
        { ...business, language: language as 'it', formOfAddress: formOfAddress as 'tu' },
        20_780,
      );
      const words = `${subject}\n${body}`;
      expect(words, template.name).not.toMatch(/\{|\}|undefined|null| {2}| ,|!/);
      expect(words, template.name).toContain('Lucia');
      if (isRefill)
        expect(words, template.name).toMatch(
          language === 'it' ? /dell’8 novembre|l’8 novembre/ : /8 November/,
        );
      if (formOfAddress === 'lei' && language === 'it')
        expect(words, template.name).not.toMatch(/\b(ti|tuo|tua|tuoi|tue|vuoi|hai)\b/i);
    }
  });

  it('are refused with a field they cannot fill, and stay as they were', async () => {
    const before = await find('refill.it.tu');
    for (const body of [
      'Ciao {{ contact.nome }}',
      'È arrivato {{ campaign.text }}',
      'Ciao {{ contact.first_name',
    ])
      await expect(
        saveTemplate(database, before.templateId, { subject: 'Sì', body }, now),
      ).rejects.toMatchObject({ code: 'template_wrong' });
    await expect(
      saveTemplate(database, before.templateId, { subject: '{{ x }}', body: 'Ciao' }, now),
    ).rejects.toMatchObject({ code: 'template_wrong' });
    await expect(saveTemplate(database, 999, { subject: 'a', body: 'b' }, now)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await find('refill.it.tu')).toEqual(before);
  });

  it('changed by the shop reach what nobody decided yet, and not what was approved', async () => {
    const contactId = await addPerson(shop, { firstName: 'Lucia' });
    const open = await addMessage(shop, { contactId, planDay: '2026-11-24', source: 'a' });
    const approved = await addMessage(shop, { contactId, planDay: '2026-11-24', source: 'b' });
    await approveMessages(database, [approved], null, now);
    const { templateId } = await find('promotion.it.tu');
    await saveTemplate(
      database,
      templateId,
      { subject: 'Nuovo oggetto', body: 'Ciao {{ contact.first_name }},\n\nparole nuove.' },
      now,
    );
    const rows = await database.raw`select source, subject, opening from message order by source`;
    expect(rows).toEqual([
      { source: 'a', subject: 'Nuovo oggetto', opening: 'parole nuove.' },
      { source: 'b', subject: 'Una novità', opening: 'È arrivato.' },
    ]);
    const text = async (message: typeof open) =>
      (await freezeMessage(database, message, { publicUrl: null, token: 't', now })).text;
    expect(await text(open)).toContain('parole nuove.');
    expect(await text(approved)).not.toContain('parole nuove.');
  });
});
