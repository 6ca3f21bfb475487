import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { recordConsentEvents } from '../consent/actions.ts';
import { downloadRejects, loadRejectGroups } from '../importing/listing.ts';
import { importContacts, retryContactRejects } from './import.ts';
import { previewContacts } from './import-preview.ts';

const now = new Date('2026-11-24T10:00:00Z');
const head = 'Codice;Cognome;Nome;E-mail;Cellulare;Telefono;CAP;Nato il;Consenso marketing;Profilazione;Data consenso;Metodo consenso;Prova'; // prettier-ignore
const folder = mkdtempSync(join(tmpdir(), 'bentornato-contacts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const database = await createTestDatabase();
beforeEach(async () => {
  await database.raw`truncate contact, identity_key, consent_text, import_run, import_mapping cascade`;
});

const load = (text: string | readonly string[], options: { mapping?: unknown; saveAs?: string } = {}) =>
  importContacts(
    database,
    {
      source: {
        stream: Readable.from([Buffer.from(typeof text === 'string' ? text : [head, ...text].join('\n'))]),
      },
      fileName: 'clienti.csv',
      timeZone: 'Europe/Rome',
      ...options,
    },
    now,
  );

/** People as a shopkeeper would tell them apart: name, how they are recognised, what they said. */
async function people(): Promise<string[]> {
  const rows = await database.raw<{ person: string }[]>`
    select concat_ws(' | ', nullif(trim(first_name || ' ' || last_name || company_name), ''), (select string_agg(kind || ' ' || value, ', ' order by kind, value) from contact_identity i where i.contact_id = c.contact_id),
      (select string_agg(purpose || ' ' || state, ', ' order by purpose) from consent_state s where s.contact_id = c.contact_id)) as person
    from contact c order by contact_id`;
  return rows.map(({ person }) => person);
}

const lucia =
  "7;D'ANGELO;LUCÌA;lucia@example.it;333 1234567;0571 123456;185;03/10/55;sì;no;10/01/2026;foglio;foglio 12";

describe('a list of contacts', () => {
  it('brings people with every way of recognising them, their facts and their proved answers', async () => {
    expect(await load([lucia])).toMatchObject({
      read: 1,
      accepted: 1,
      rejected: 0,
      consents: 2,
      withoutEvidence: 0,
    });
    expect(await people()).toEqual([
      "Lucìa D'Angelo | code 7, email lucia@example.it, phone +390571123456, phone +393331234567 | marketing granted, profiling withdrawn",
    ]);
    const [contact] = await database.raw`select birth_date, postcode from contact`;
    expect(contact).toEqual({ birth_date: '1955-10-03', postcode: '00185' });
    const [event] =
      await database.raw`select method, occurred_at, evidence from consent_event where purpose = 'marketing'`;
    expect(event).toEqual({
      method: 'paper',
      occurred_at: new Date('2026-01-10T11:00:00Z'),
      evidence: { reference: 'foglio 12' },
    });
    const [email] = await database.raw`select verified_by from contact_identity where kind = 'email'`;
    expect(email).toEqual({ verified_by: 'signed_sheet' });
  });

  it('twice changes nothing, whatever it holds', async () => {
    await load([lucia]);
    expect(await load([lucia])).toMatchObject({ accepted: 0, updated: 0, unchanged: 1, consents: 0 });
    const person = fc.record({
      code: fc.constantFrom('1', '2', '3', ''),
      email: fc.constantFrom('a@example.it', 'b@example.it', '', 'senza chiocciola'),
      phone: fc.constantFrom('333 1234567', '334 7654321', ''),
      answer: fc.constantFrom('sì', 'no', ''),
      date: fc.constantFrom('10/01/2026', '', 'ieri'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 6 }), async (given) => {
        const rows = given.map(
          ({ code, email, phone, answer, date }) =>
            `${code};;Anna;${email};${phone};;;;${answer};;${date};foglio;12`,
        );
        const once = await load(rows);
        const seen = await people();
        const twice = await load(rows);
        for (const { read, accepted, updated, unchanged, rejected } of [once, twice])
          expect(read).toBe(accepted + updated + unchanged + rejected);
        expect(twice).toMatchObject({ accepted: 0, updated: 0, consents: 0 });
        expect(await people()).toEqual(seen);
      }),
      { numRuns: 15 },
    );
  });

  it('without evidence counts no yes, but counts every no', async () => {
    const rows = [
      '1;;Anna;anna@example.it;;;;;sì;sì;;;',
      '2;;Bruno;bruno@example.it;;;;;no;;;;',
      '3;;Carla;carla@example.it;;;;;sì;;10/01/2026;;',
    ];
    expect(await load(rows)).toMatchObject({ accepted: 3, consents: 1, withoutEvidence: 2 });
    expect(await people()).toEqual([
      'Anna | code 1, email anna@example.it',
      'Bruno | code 2, email bruno@example.it | marketing withdrawn',
      'Carla | code 3, email carla@example.it',
    ]);
  });

  it('may be proved as a whole, but not by a sheet of tomorrow', async () => {
    const mapping = { columns: { code: 'Codice', email: 'E-mail', marketing: 'Consenso marketing' } };
    const evidence = {
      date: '2026-01-10',
      method: 'paper',
      reference: 'raccoglitore 2026',
      text: 'Sì, scrivetemi.',
    };
    const rows = ['1;;;anna@example.it;;;;;sì;;;;'];
    await expect(
      load(rows, { mapping: { ...mapping, evidence: { ...evidence, date: '2026-12-01' } } }),
    ).rejects.toMatchObject({ code: 'evidence_in_future' });
    expect(await load(rows, { mapping: { ...mapping, evidence } })).toMatchObject({
      consents: 1,
      withoutEvidence: 0,
    });
    const [event] =
      await database.raw`select t.body, e.evidence from consent_event e join consent_text t using (text_hash)`;
    expect(event).toEqual({ body: 'Sì, scrivetemi.', evidence: { reference: 'raccoglitore 2026' } });
  });

  it('does not undo what a person said later', async () => {
    await load([lucia]);
    const [contact] = await database.raw<{ contact_id: number }[]>`select contact_id from contact`;
    const no = {
      contactId: contact?.contact_id ?? 0,
      purpose: 'marketing' as const,
      action: 'withdrawn' as const,
      channels: [],
      text: null,
      language: 'it',
      method: 'preference_page' as const,
      occurredAt: new Date('2026-06-01T10:00:00Z'),
      evidence: {},
    };
    await database.transaction((transaction) => recordConsentEvents(transaction, [no], now));
    expect(await load([lucia])).toMatchObject({ unchanged: 1, consents: 0 });
    expect((await people())[0]).toContain('marketing withdrawn');
  });

  it('updates what it states and leaves what it does not', async () => {
    await load([lucia]);
    const mapping = { columns: { email: 'E-mail', street: 'Indirizzo', lastName: 'Cognome' } };
    expect(
      await load('E-mail;Indirizzo;Cognome\nLUCIA@example.it;Via dell’Esempio 1;\n', { mapping }),
    ).toMatchObject({ accepted: 0, updated: 1 });
    const [contact] = await database.raw`select last_name, street from contact`;
    expect(contact).toEqual({ last_name: "D'Angelo", street: 'Via dell’Esempio 1' });
  });
});

describe('a row that cannot be taken', () => {
  it.each([
    ['contact_without_address', ';Rossi;Anna;;;;;;;;;;'],
    ['email_unreadable', '1;Rossi;Anna;anna@libero.i;;;;;;;;;'],
    ['phone_unreadable', '1;Rossi;Anna;;3331234;;;;;;;;'],
    ['phone_leading_zero', '1;Rossi;Anna;;0333 1234567;;;;;;;;'],
    ['customer_code_cut', '2,9E+12;Rossi;Anna;;;;;;;;;;'],
    ['cell_too_long', `${'9'.repeat(300)};Rossi;Anna;;;;;;;;;;`],
    ['date_unreadable', '1;Rossi;Anna;;;;;31/02/1980;;;;;'],
    ['date_in_future', '1;Rossi;Anna;;;;;03/10/2055;;;;;'],
    ['date_unreadable', '1;Rossi;Anna;;;;;;sì;;ieri;foglio;1'],
    ['date_in_future', '1;Rossi;Anna;;;;;;sì;;25/11/2026;foglio;1'],
  ])('is kept as %s: %s', async (reason, row) => {
    const summary = await load([row]);
    expect(summary).toMatchObject({ read: 1, accepted: 0, rejected: 1, rejects: { [reason]: 1 } });
    const { groups } = await loadRejectGroups(database, summary.importRunId, 'en');
    expect(groups).toMatchObject([{ reason, examples: [{ lineNumber: 2 }] }]);
    expect(groups[0]?.sentence).not.toContain('_');
    expect(await people()).toEqual([]);
  });

  it('because its addresses are of two people says so, and comes in once it is corrected', async () => {
    await load(['1;;Anna;anna@example.it;;;;;;;;;', '2;;Bruno;;333 1234567;;;;;;;;']);
    const summary = await load([
      ';;Chi;anna@example.it;333 1234567;;;;;;;;',
      '3;;Carla;carla@example.it;;;;;;;;;',
    ]);
    expect(summary).toMatchObject({ accepted: 1, rejects: { belongs_to_two_people: 1 } });
    const { importRunId } = summary;
    expect(await downloadRejects(database, importRunId, 'it')).toContain(
      '2;l’email e il telefono sono di due clienti diversi;;;Chi;anna@example.it',
    );
    const corrections = [
      { lineNumber: 2, cells: ['', '', 'Chiara', 'chiara@example.it', '', '', '', '', '', '', '', '', ''] },
    ];
    expect(
      await retryContactRejects(database, { importRunId, corrections, operatorId: null }, now),
    ).toMatchObject({ accepted: 1, rejected: 0 });
    expect(await people()).toEqual([
      'Anna | code 1, email anna@example.it',
      'Bruno | code 2, phone +393331234567',
      'Carla | code 3, email carla@example.it',
      'Chiara | email chiara@example.it',
    ]);
  });
});

describe('how a contact list is read', () => {
  it('is remembered and found again although the names of its columns are written differently', async () => {
    const mapping = { columns: { email: 'Posta', lastName: 'Chi è' }, attributes: { Taglia: 'Taglia' } };
    await load('Posta;Chi è;Taglia\nanna@example.it;Rossi;44\n', { mapping, saveAs: 'La mia lista' });
    expect(await load('POSTA;CHI È;TAGLIA\nbruno@example.it;Bianchi;50\n')).toMatchObject({ accepted: 1 });
    expect(await database.raw`select last_name, attributes from contact order by contact_id`).toEqual([
      { last_name: 'Rossi', attributes: { Taglia: '44' } },
      { last_name: 'Bianchi', attributes: { Taglia: '50' } },
    ]);
  });

  it('names only columns that are there, and one by which people are recognised', async () => {
    const mapping = { columns: { email: 'E-mail', marketing: 'Consenso newsletter' } };
    await expect(load([lucia], { mapping })).rejects.toMatchObject({
      code: 'import_column_missing',
      params: { column: 'Consenso newsletter' },
    });
    await expect(load('Nome;Cognome\nAnna;Rossi\n')).rejects.toMatchObject({
      code: 'contact_file_without_key',
    });
    await expect(load([lucia], { mapping: { columns: { email: 0 } } })).rejects.toMatchObject({
      code: 'import_mapping_invalid',
    });
  });

  it('is shown before, as it will count, with what to look at', async () => {
    const path = join(folder, 'clienti.csv');
    writeFileSync(path, [head, lucia, '8;;Bruno;bruno@gmial.com;;;;;sì;;;;', ';;Carla;;;;;;;;;;'].join('\n'));
    const preview = await previewContacts(
      database,
      {
        path,
        fileName: 'clienti.csv',
        mapping: undefined,
        language: 'it',
        fileHash: Buffer.alloc(32),
        timeZone: 'Europe/Rome',
      },
      now,
    );
    expect(
      preview.lines.map(({ name, marketing, profiling, reason }) => [name, marketing, profiling, reason]),
    ).toEqual([
      ["Lucìa D'Angelo", 'granted', 'withdrawn', null],
      ['Bruno', 'unknown', 'unknown', null],
      ['', 'unknown', 'unknown', 'contact_without_address'],
    ]);
    expect(preview.doubts.map(({ code }) => code)).toEqual(['email_slips', 'no_evidence']);
    expect(preview.isComplete).toBe(true);
  });
});

describe('any list', () => {
  it('is read so that every row is counted once, or refused with a reason', async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '1',
        'a@example.it',
        '333 1234567',
        'sì',
        'no',
        '10/01/2026',
        '🍕'.repeat(70),
        'x'.repeat(3000),
        '\u0000',
        '"',
        '',
      ),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    );
    const row = fc.array(cell, { minLength: 1, maxLength: 14 }).map((cells) => cells.join(';'));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 6 }), async (rows) => {
        const outcome: unknown = await load(rows).catch((error: unknown) => error);
        if (outcome instanceof Error)
          expect(outcome).toMatchObject({
            name: 'Failure',
            code: expect.stringMatching(/^import_/) as string,
          });
        else {
          const { read, accepted, updated, unchanged, rejected } = outcome as Awaited<
            ReturnType<typeof load>
          >;
          expect(read).toBe(accepted + updated + unchanged + rejected);
        }
      }),
      { numRuns: 40 },
    );
  });
});
