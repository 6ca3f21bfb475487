import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnswer, parseChannels, parseMethod, splitName } from './import-rules.ts';
import {
  isCertifiedMail,
  normaliseCode,
  normaliseEmail,
  parsePhones,
  properName,
  repairPostcode,
  suggestEmail,
  suggestPhone,
  phoneInWords,
  postalLinesOf,
} from './rules.ts';

describe('a phone number', () => {
  it.each<[string, string[]]>([
    ['333 1234567', ['+393331234567']],
    ['0039 333 1234567', ['+393331234567']],
    ['39 333 1234567', ['+393331234567']],
    ['+39 333-12.34.567', ['+393331234567']],
    ['333-12.34.567', ['+393331234567']],
    ['06/69812345', ['+390669812345']],
    ['06 69812345', ['+390669812345']],
    ['3311234567 (moglie)', ['+393311234567']],
    ['333 1234567 / 06 69812345', ['+393331234567', '+390669812345']],
    ['333 1234567; 334 7654321', ['+393331234567', '+393347654321']],
    ['333 1234567, 334 7654321', ['+393331234567', '+393347654321']],
    ['333 1234567 - 334 7654321', ['+393331234567', '+393347654321']],
    ['+44 20 7946 0018', ['+442079460018']],
    ['3331234', []],
    ['0333 1234567', []],
    ['non ce l’ha', []],
    ['', []],
  ])('%j is understood as %j', (cell, numbers) => {
    expect(parsePhones(cell).map(({ e164 }) => e164)).toEqual(numbers);
  });

  it('is told to be a mobile or not, and keeps the zero of a fixed line', () => {
    expect(parsePhones('333 1234567')).toEqual([{ e164: '+393331234567', isMobile: true }]);
    expect(parsePhones('0571 123456')).toEqual([{ e164: '+390571123456', isMobile: false }]);
  });

  it('of a mobile with a zero too many is proposed, and only then', () => {
    expect(suggestPhone('0333 1234567')).toBe('+393331234567');
    expect(suggestPhone('0571 123456')).toBeNull();
    expect(suggestPhone('333 1234567')).toBeNull();
  });

  it('is looked for in any text without an exception, and what is found is found again', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('0', '3', '9', '+', ' ', '/', '(', ')', ';', 'a', '-') }),
        (text) => {
          for (const { e164 } of parsePhones(text)) expect(parsePhones(e164)).toMatchObject([{ e164 }]);
        },
      ),
    );
  });
});

describe('an e-mail address', () => {
  it.each<[string, string | null]>([
    [' Lucia@Example.IT ', 'lucia@example.it'],
    ['lucia@perché.example', 'lucia@xn--perch-fsa.example'],
    ['lucia@libero.i', null],
    ['lucia.example.it', null],
    ['lucia@', null],
    ['@example.it', null],
    ['lucia@example.it; mario@example.it', null],
    ['lucia rossi@example.it', null],
    ['', null],
  ])('%j is %j', (text, address) => {
    expect(normaliseEmail(text)).toBe(address);
  });

  it.each<[string, string | null]>([
    ['lucia@gmial.com', 'lucia@gmail.com'],
    ['lucia@libero.i', 'lucia@libero.it'],
    ['lucia@bottega.con', 'lucia@bottega.com'],
    ['lucia@gmail.com', null],
    ['lucia', null],
  ])('%j was perhaps meant to be %j', (text, address) => {
    expect(suggestEmail(text)).toBe(address);
  });

  it('of certified mail is known, because it is no place for marketing', () => {
    for (const certified of [
      'a@pec.it',
      'a@legalmail.it',
      'a@pec.bottega.it',
      'a@arubapec.it',
      'a@cert.bottega.it',
    ])
      expect(isCertifiedMail(certified)).toBe(true);
    for (const usual of ['a@example.it', 'pec.it@example.it', 'a@pecora.it', 'a@specpec.it'])
      expect(isCertifiedMail(usual)).toBe(false);
  });
});

describe('names, codes and postcodes', () => {
  it.each([
    ["D'ANGELO LUCÌA", "D'Angelo Lucìa"],
    ['  rossi   mario ', 'rossi mario'],
    ['DE LUCA', 'De Luca'],
    ['ROSSI-BIANCHI', 'Rossi-Bianchi'],
    ['McDonald', 'McDonald'],
    ['O.', 'O.'],
    ['', ''],
  ])('the name %j is written %j', (typed, written) => {
    expect(properName(typed)).toBe(written);
  });

  it.each([
    ['Rossi Mario', 'last_first', 'Mario', 'Rossi'],
    ['De Luca Anna Maria', 'last_first', 'Anna Maria', 'De Luca'],
    ["D' Angelo Lucia", 'last_first', 'Lucia', "D' Angelo"],
    ['Di Mario', 'last_first', 'Mario', 'Di'],
    ['Mario Rossi Bianchi', 'first_last', 'Mario', 'Rossi Bianchi'],
    ['Madonna', 'first_last', '', 'Madonna'],
    ['', 'last_first', '', ''],
  ] as const)(
    'the name %j, %s, has the first name %j and the last name %j',
    (text, order, firstName, lastName) => {
      expect(splitName(text, order)).toEqual({ firstName, lastName });
    },
  );

  it.each([
    ['185', '00185'],
    ['6132', '06132'],
    ["'50053", '50053'],
    ['50053', '50053'],
    ['SW1A 1AA', 'SW1A 1AA'],
    ['', ''],
  ])('the postcode %j is %j', (cell, postcode) => {
    expect(repairPostcode(cell)).toBe(postcode);
  });

  it.each([
    [' 29 0000 a', '290000A'],
    ['17850.0', '17850'],
    ['1.0a', '1.0A'],
    ['00042', '00042'],
  ])('the code %j is compared as %j', (cell, code) => {
    expect(normaliseCode(cell)).toBe(code);
  });
});

describe('what was answered', () => {
  it('is a yes, a no, or nothing', () => {
    expect(['Sì', 'si', 'X', '1', 'true'].map(parseAnswer)).toEqual(Array(5).fill('granted'));
    expect(['no', '0', 'falso'].map(parseAnswer)).toEqual(Array(3).fill('withdrawn'));
    expect(['', 'forse', 'da chiedere'].map(parseAnswer)).toEqual(Array(3).fill(null));
  });

  it('names channels and methods as Italians write them', () => {
    expect(parseChannels('WhatsApp, e-mail / sms')).toEqual(['email', 'sms', 'whatsapp']);
    expect(parseChannels('piccione')).toEqual([]);
    expect(['Foglio', 'banco', 'sito', 'telefono', 'voce'].map(parseMethod)).toEqual(['paper', 'counter', 'web', 'phone', null]); // prettier-ignore
  });
});

describe('a postal address', () => {
  const row = {
    first_name: 'Ada',
    last_name: 'Rossi',
    company_name: '',
    street: 'Via delle Prove 24',
    postcode: '50100',
    city: 'Borgo',
    province: 'FI',
    country: 'IT',
  };

  it('has three to five lines, the country only abroad', () => {
    expect(postalLinesOf(row)).toEqual(['Ada Rossi', 'Via delle Prove 24', '50100 Borgo FI']);
    expect(postalLinesOf({ ...row, company_name: 'Studio Rossi' })?.[0]).toBe('Studio Rossi');
    expect(postalLinesOf({ ...row, country: 'AT', postcode: '1010', city: 'Wien', province: '' })).toEqual([
      'Ada Rossi',
      'Via delle Prove 24',
      '1010 Wien',
      'AT',
    ]);
    expect(postalLinesOf({ ...row, province: '' })?.at(-1)).toBe('50100 Borgo');
  });

  it('is none where a letter would not arrive', () => {
    for (const change of [
      { street: '' },
      { city: '' },
      { postcode: '' },
      { postcode: '501' },
      { first_name: '', last_name: '' },
    ])
      expect(postalLinesOf({ ...row, ...change })).toBeNull();
  });
});

describe('a number in words', () => {
  it('is without the prefix of the country at home, with it abroad', () => {
    expect(phoneInWords('+393331234567')).toBe('333 123 4567');
    expect(phoneInWords('+436641234567')).toBe('+43 664 1234567');
  });
});
