import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { addPerson } from '../../test/support/people.ts';
import { dayFromIso } from '../kernel/day.ts';
import {
  addIdentity,
  createContact,
  findOwners,
  loadProfile,
  normaliseIdentity,
  recordContactConsent,
  searchContacts,
  updateContact,
} from './actions.ts';
import { contactInputSchema, newContactSchema } from './schema.ts';
import { ageOn } from '../pressure/rules.ts';
import {
  initialsOf,
  isCertifiedMail,
  nameOf,
  normaliseCode,
  normaliseEmail,
  parsePhones,
  properName,
  repairPostcode,
  suggestEmail,
  suggestPhone,
} from './rules.ts';

describe('an address', () => {
  it.each([
    [' Mario.Rossi@Example.IT ', 'mario.rossi@example.it'],
    ['info@città.example', 'info@xn--citt-3na.example'],
    ['mario@', null],
    ['@example.it', null],
    ['mario', null],
    ['mario rossi@example.it', null],
    ['mario@example', null],
  ])('%j is read as %j', (text, address) => {
    expect(normaliseEmail(text)).toBe(address);
  });

  it('that looks like a slip is suggested, never changed', () => {
    expect(suggestEmail('ada@gmial.com')).toBe('ada@gmail.com');
    expect(suggestEmail('ada@bottega.con')).toBe('ada@bottega.com');
    expect(suggestEmail('ada@gmail.com')).toBeNull();
    expect(normaliseEmail('ada@gmial.com')).toBe('ada@gmial.com');
  });

  it('of certified mail is known', () => {
    expect(
      ['a@pec.it', 'a@pec.ditta.it', 'a@legalmail.it', 'a@ditta.legalmail.it'].every(isCertifiedMail),
    ).toBe(true);
    expect(['a@gmail.com', 'a@specie.it', 'pec@example.it'].some(isCertifiedMail)).toBe(false);
  });
});

describe('a phone', () => {
  it.each([
    ['333 1234567', ['+393331234567']],
    ['+39 06 6982', ['+39066982']],
    ['06/69821', ['+390669821']],
    ['333 1234567 / 340 7654321', ['+393331234567', '+393407654321']],
    ['0041 44 668 18 00', ['+41446681800']],
    ['12', []],
    ['non so', []],
  ])('%j is read as %j', (text, numbers) => {
    expect(parsePhones(text).map(({ e164 }) => e164)).toEqual(numbers);
  });

  it('written with a zero by habit is suggested', () => {
    expect(suggestPhone('0333 1234567')).toBe('+393331234567');
    expect(suggestPhone('06 1234567')).toBeNull();
  });
});

describe('names, codes and places', () => {
  it('are written as people write them', () => {
    expect(properName("D'ANGELO  LUCIA")).toBe("D'Angelo Lucia");
    expect(properName('de Santis')).toBe('de Santis');
    expect(initialsOf('Lucia Maria Bianchi')).toBe('LM');
    expect(nameOf({ first_name: 'Ada', last_name: '', company_name: '' })).toBe('Ada');
    expect(nameOf({ first_name: 'Ada', last_name: 'Rossi', company_name: 'Bar Sport' })).toBe('Bar Sport');
    expect(normaliseCode(' ab 12 ')).toBe('AB12');
    expect(repairPostcode("'187")).toBe('00187');
    expect(repairPostcode('SW1A 1AA')).toBe('SW1A 1AA');
  });

  it('turn a year older on their day', () => {
    expect([ageOn('2012-11-24', '2026-11-23'), ageOn('2012-11-24', '2026-11-24')]).toEqual([13, 14]);
    expect([ageOn('2012-02-29', '2026-02-28'), ageOn('2012-02-29', '2026-03-01')]).toEqual([13, 14]);
  });
});

describe('contacts', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database, clock } = shop;
  const today = dayFromIso('2026-11-24');
  const add = (input: object) => createContact(database, newContactSchema.parse(input), clock.now());
  const find = async (search: string): Promise<string[]> =>
    (await searchContacts(database, { search, after: 0 })).contacts.map(({ name }) => name);

  it('are found by any words of their name, town, address, number or card, accents and case aside', async () => {
    await add({ firstName: 'Lucìa', lastName: 'D’Angelo', city: 'Forlì', identities: [
      { kind: 'email', value: 'Lucia.DAngelo@clienti.example.it' }, { kind: 'phone', value: '333 1234567' }, { kind: 'card', value: 'ab 12' }] }); // prettier-ignore
    await add({ firstName: 'Luciano', lastName: 'Rossi' });
    for (const search of [
      'lucia dangelo',
      "D'ANGELO",
      'ange',
      'forli luc',
      'lucia.dangelo@clienti.example.it',
      '3331234567',
      '333 123 4567',
      '+39 333 1234567',
      '0039 3331234567',
      'AB12',
    ])
      expect(await find(search), search).toEqual(search === 'ange' ? [] : ['Lucìa D’Angelo']);
    expect(await find('lucia')).toEqual(['Luciano Rossi', 'Lucìa D’Angelo']);
    expect(await find('nessuno')).toEqual([]);
    for (const search of ['&', "'); drop table contact; --", ':*', '( | !'])
      expect((await searchContacts(database, { search, after: 0 })).total, search).toBeGreaterThanOrEqual(0);
  });

  it('keep an address to one of them, and say whose it is not', async () => {
    const first = await add({
      firstName: 'Ada',
      identities: [{ kind: 'email', value: 'ada@clienti.example.it' }],
    });
    const before = await database.raw`select from contact`;
    await expect(
      add({ firstName: 'Bea', identities: [{ kind: 'email', value: ' ADA@clienti.example.it' }] }),
    ).rejects.toMatchObject({ code: 'identity_taken', status: 409 });
    await expect(add({ identities: [{ kind: 'email', value: 'ada' }] })).rejects.toMatchObject({
      code: 'email_wrong',
    });
    await expect(add({ identities: [{ kind: 'phone', value: '12' }] })).rejects.toMatchObject({
      code: 'phone_wrong',
    });
    expect(await database.raw`select from contact`).toHaveLength(before.length);
    const race = await Promise.allSettled(
      ['Cora', 'Dora'].map((firstName) => add({ firstName, identities: [{ kind: 'card', value: 'T1' }] })),
    );
    expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const owners = await findOwners(database, [
      { kind: 'email', value: normaliseIdentity('email', 'Ada@clienti.example.it') },
    ]);
    expect([...owners.values()]).toEqual([first]);
  });

  it('are listed a page at a time, the newest first, none twice and none left out', async () => {
    const { raw } = database;
    await raw`insert into contact (household_id, first_name, created_at, updated_at) select n, 'Pagina', now(), now() from generate_series(1, 120) n`;
    const seen: number[] = [];
    for (let after = 0; ;) {
      const page = await searchContacts(database, { search: '', after });
      seen.push(...page.contacts.map(({ contactId }) => contactId));
      if (page.next === null) break;
      after = page.next;
    }
    const all = await raw<{ contact_id: number }[]>`select contact_id from contact order by contact_id desc`;
    expect(seen).toEqual(all.map(({ contact_id }) => contact_id));
    await raw`delete from contact where first_name = 'Pagina'`;
  });

  it('get a number later, by which they are found and planned anew; it belongs to one person only', async () => {
    const contactId = await add({ firstName: 'Zita', identities: [] });
    await addIdentity(database, contactId, { kind: 'phone', value: '333 765 4321' }, clock.now());
    expect((await searchContacts(database, { search: '3337654321', after: 0 })).contacts).toMatchObject([
      { contactId, phone: '+393337654321' },
    ]);
    expect(await database.raw`select 1 from replan_request where contact_id = ${contactId}`).toHaveLength(1);
    const other = await add({ firstName: 'Yuri', identities: [] });
    const again = { kind: 'phone', value: '+39 333 7654321' };
    await expect(addIdentity(database, other, again, clock.now())).rejects.toMatchObject({
      code: 'identity_taken',
    });
    await expect(
      addIdentity(database, other, { kind: 'phone', value: '12' }, clock.now()),
    ).rejects.toMatchObject({ code: 'phone_wrong' });
    await expect(addIdentity(database, 999_999, again, clock.now())).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('change without losing what was not said, and are found by the new words', async () => {
    const contactId = await add({
      firstName: 'Elsa',
      lastName: 'Neri',
      identities: [{ kind: 'card', value: 'E9' }],
    });
    await updateContact(
      database,
      contactId,
      contactInputSchema.parse({ firstName: 'Elsa', lastName: 'Verdi', attributes: { mestiere: 'sarta' } }),
      clock.now(),
    );
    const { name, facts, identities } = await loadProfile(database, contactId, today);
    expect([name, facts.attributes, identities.map(({ value }) => value)]).toEqual([
      'Elsa Verdi',
      { mestiere: 'sarta' },
      ['E9'],
    ]);
    expect(await find('verdi e9')).toEqual(['Elsa Verdi']);
    expect(await find('neri')).toEqual([]);
    await expect(
      updateContact(database, 999_999, contactInputSchema.parse({}), clock.now()),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('say yes at the counter, with what proves it, and are then written to', async () => {
    const contactId = await addPerson(shop, { firstName: 'Fulvia', consents: [] });
    const isWrittenTo = async (): Promise<boolean | undefined> =>
      (await searchContacts(database, { search: 'fulvia', after: 0 })).contacts[0]?.mayBeWrittenTo;
    expect(await isWrittenTo()).toBe(false);
    await recordContactConsent(database, { contactId, purpose: 'marketing', action: 'granted', channels: ['email'], method: 'counter', reference: 'foglio 31', operatorId: null }, clock.now()); // prettier-ignore
    expect(await isWrittenTo()).toBe(true);
    const { consents, timeline, isProfiled, clocks, headline, profilingNotice } = await loadProfile(
      database,
      contactId,
      today,
    );
    expect(consents[0]).toMatchObject({
      state: 'granted',
      sentence: 'sì, con email: 24 novembre, al banco',
      evidence: 'prova: foglio 31',
    });
    expect(timeline.map(({ kind, title }) => [kind, title])).toEqual([
      ['consent', 'Ha detto sì ai messaggi'],
    ]);
    expect([isProfiled, clocks, headline]).toEqual([false, [], 'Non ha ancora comprato.']);
    expect(profilingNotice).not.toBe('');
  });

  it('without consent to profiling show their purchases by day and total only', async () => {
    const contactId = await addPerson(shop, {
      consents: [{ purpose: 'marketing', action: 'granted', channels: [] }],
    });
    const { raw } = database;
    await raw`insert into category (category_id, name, lookup_name, created_at) values (900, 'Test di gravidanza', 'test', now())`;
    await raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, import_run_id)
      values (${contactId}, 1, gen_random_uuid(), '2026-11-01', '2026-11-01', 1250, 1, 1)`;
    await raw`insert into sale_line values (${contactId}, 1, 1, 900, 1, '2026-11-01', 1, 1250)`;
    const profile = await loadProfile(database, contactId, today);
    expect(profile.timeline[0]).toMatchObject({ kind: 'purchase', title: 'Un acquisto' });
    expect(JSON.stringify(profile)).not.toContain('gravidanza');
  });
});
