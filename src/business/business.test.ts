import { afterAll, describe, expect, it } from 'vitest';
import { createTestApplication, overDatabase } from '../../test/support/application.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { Browser, openManagement, signInAs } from '../../test/support/management.ts';
import { unseal } from '../kernel/secret.ts';
import {
  defaultPlanSettings,
  defaultRetentionSettings,
  isBeingSetUp,
  loadOpening,
  loadBusiness,
  loadPlanSettings,
  loadRetentionSettings,
  whileSettingUp,
} from './actions.ts';
import { businessSchema } from './schema.ts';

describe('the settings', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database } = shop;
  const { raw } = database;
  const { server } = await openManagement(shop);
  afterAll(() => server.close());
  const owner = await signInAs(shop, server, 'owner');

  it('of the business are saved as they were sent', async () => {
    const business = businessSchema.parse(await loadBusiness(database));
    const changed = {
      ...business,
      name: 'Bottega di Ada & figli',
      formOfAddress: 'lei',
      language: 'en',
      brandColour: '#AA3300',
      sectors: ['food', 'other'],
      timeZone: 'Atlantic/Azores',
    };
    const answer = await owner.request('PUT', '/api/settings/business', changed);
    expect([answer.statusCode, answer.json()]).toEqual([200, changed]);
    expect((await owner.request('GET', '/api/settings/business')).json()).toEqual(changed);
    for (const wrong of [
      { timeZone: 'Europe/Borgo' },
      { brandColour: 'red;}' },
      { name: '' },
      { language: 'de' },
    ])
      expect(
        (await owner.request('PUT', '/api/settings/business', { ...changed, ...wrong })).statusCode,
        JSON.stringify(wrong),
      ).toBe(400);
    expect((await owner.request('GET', '/api/settings/business')).json()).toEqual(changed);
  });

  it('of a store close the shop on its days', async () => {
    const [store] = (await owner.request('GET', '/api/settings/stores')).json<{
      stores: { storeId: number; name: string }[];
    }>().stores;
    const { storeId, ...facts } = { storeId: 0, ...store };
    const closures = [{ from: '2026-08-10', to: '2026-08-20', note: 'ferie' }];
    const answer = await owner.request('PUT', `/api/settings/stores/${storeId}`, {
      ...facts,
      city: 'Borgo',
      patronDay: '06-24',
      closures,
    });
    expect(answer.json<{ stores: object[] }>().stores[0]).toMatchObject({
      city: 'Borgo',
      patronDay: '06-24',
      closures,
    });
    const days = ['2026-08-09', '2026-08-10', '2026-08-20', '2026-08-21'];
    expect(days.map((await loadOpening(database)).isClosedOn)).toEqual([false, true, true, false]);
    await raw`insert into store (code, name) values ('second', 'Il secondo')`;
    expect((await loadOpening(database)).isClosedOn('2026-08-10'), 'the second store is open').toBe(false);
    expect(
      (await owner.request('PUT', `/api/settings/stores/${storeId}`, { ...facts, patronDay: '24 giugno' }))
        .statusCode,
    ).toBe(400);
  });

  it('of the plan begin with the careful ones, and refuse hours at which nothing could leave', async () => {
    expect(await loadPlanSettings(database)).toEqual(defaultPlanSettings);
    const changed = {
      ...defaultPlanSettings,
      mode: 'automatic_unless_refused',
      refuseUntilHour: 10,
      sendFrom: '08:00',
      sendUntil: '20:30',
      maxEmailsPerDay: 40,
    };
    expect((await owner.request('PUT', '/api/settings/plan', changed)).json()).toEqual(changed);
    for (const wrong of [
      { sendFrom: '25:00' },
      { sendUntil: '17:60' },
      { sendFrom: '8:00' },
      { sendFrom: '20:30' },
      { sendFrom: '21:00' },
      { maxEmailsPerDay: 0 },
      { marginShare: 1.1 },
    ])
      expect(
        (await owner.request('PUT', '/api/settings/plan', { ...changed, ...wrong })).statusCode,
        JSON.stringify(wrong),
      ).toBe(400);
    expect(await loadPlanSettings(database)).toEqual(changed);
    const [saved] = await raw`select changed_by, changed_at from setting where name = 'plan'`;
    expect(saved).toEqual({ changed_by: owner.operatorId, changed_at: shop.clock.now() });
  });

  it('of retention keep items for a year unless a longer time has its reason', async () => {
    expect(await loadRetentionSettings(database)).toEqual(defaultRetentionSettings);
    const longer = { itemMonths: 36, reason: 'Gli occhiali si cambiano ogni tre anni.', keepSnapshot: true };
    const put = (value: object) => owner.request('PUT', '/api/settings/retention', value);
    expect((await put({ ...longer, reason: ' ' })).statusCode).toBe(400);
    expect((await put({ ...longer, itemMonths: 0 })).statusCode).toBe(400);
    expect((await put(longer)).statusCode).toBe(200);
    expect(await loadRetentionSettings(database)).toEqual(longer);
  });

  it('of the mail keep their secrets: not in an answer, not in any table of the database', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const dkimKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const secrets = [
      'utente-segreto',
      'parola%2Fd%27ordine',
      'mail.segreta.example.it',
      dkimKey.split('\n')[1] ?? '',
    ];
    const smtpUrl = `smtps://${secrets[0]}:${secrets[1]}@${secrets[2]}:465`;
    const wish = {
      smtpUrl,
      fromName: 'Marta',
      fromAddress: 'marta@bottega.example.it',
      replyTo: '',
      dkimDomain: 'bottega.example.it',
      dkimSelector: 'negozio',
      dkimKey,
    };
    const answer = await owner.request('PUT', '/api/settings/email', wish);
    expect(answer.json()).toMatchObject({
      smtpUrl: '',
      hasSmtpUrl: true,
      hasDkimKey: true,
      fromName: 'Marta',
      replyTo: 'marta@bottega.example.it',
    });
    const read = await owner.request('GET', '/api/settings/email');
    for (const secret of secrets) expect(`${answer.body}${read.body}`).not.toContain(secret);

    const tables = await raw<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'demonstration')`;
    expect(tables.length).toBeGreaterThan(35);
    for (const { name } of tables) {
      const rows = await raw.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`);
      for (const { row } of rows) for (const secret of secrets) expect(row, name).not.toContain(secret);
    }
    const [stored] = await raw<
      { value: { sealedSmtpUrl: string } }[]
    >`select value from setting where name = 'email'`;
    expect(unseal(shop.secretKey, stored?.value.sealedSmtpUrl ?? '')).toBe(smtpUrl);
    expect(() => unseal(Buffer.alloc(32, 9), stored?.value.sealedSmtpUrl ?? '')).toThrow(
      expect.objectContaining({ code: 'secret_unreadable' }) as Error,
    );
  });

  it('of the mail stay when they are sent empty, and refuse what could not work', async () => {
    const before = (
      await raw<
        { value: { sealedSmtpUrl: string; sealedDkimKey: string } }[]
      >`select value from setting where name = 'email'`
    )[0]?.value;
    const wish = {
      smtpUrl: '',
      fromName: 'Ada',
      fromAddress: '',
      replyTo: 'risposte@bottega.example.it',
      dkimDomain: 'bottega.example.it',
      dkimSelector: '',
    };
    expect((await owner.request('PUT', '/api/settings/email', wish)).json()).toMatchObject({
      hasSmtpUrl: true,
      hasDkimKey: true,
      fromName: 'Ada',
      dkimSelector: 'bentornato',
    });
    const after = (
      await raw<
        { value: { sealedSmtpUrl: string; sealedDkimKey: string } }[]
      >`select value from setting where name = 'email'`
    )[0]?.value;
    expect([after?.sealedSmtpUrl, after?.sealedDkimKey]).toEqual([
      before?.sealedSmtpUrl,
      before?.sealedDkimKey,
    ]);
    const codes = [];
    for (const wrong of [
      { smtpUrl: 'mail.example.it' },
      { smtpUrl: 'http://mail.example.it' },
      { dkimKey: 'no key' },
    ])
      codes.push(
        (await owner.request('PUT', '/api/settings/email', { ...wish, ...wrong })).json<{ code: string }>()
          .code,
      );
    expect(codes).toEqual(['mail_url_wrong', 'mail_url_wrong', 'dkim_key_wrong']);
  });
});

describe('the first start', async () => {
  const database = await createTestDatabase();
  const application = overDatabase(database, { now: new Date('2026-11-24T09:00:00Z') });
  const { server } = await openManagement(application);
  afterAll(() => server.close());
  const wish = {
    kind: 'my_shop',
    owner: { name: 'Ada', email: 'Ada@Bottega.example.it', password: 'una frase molto lunga' },
  };
  const setUp = (change: object = {}) =>
    new Browser(server).request('POST', '/api/set-up', { ...wish, ...change });

  it('asks to be set up, and refuses what would not work later', async () => {
    expect((await new Browser(server).request('GET', '/api/session')).json()).toMatchObject({
      state: 'set_up',
      business: null,
      csrfToken: '',
    });
    expect((await setUp({ owner: { ...wish.owner, password: 'breve' } })).statusCode).toBe(400);
    expect((await setUp({ business: { timeZone: 'Europe/Borgo' } })).statusCode).toBe(400);
    expect(await database.raw`select from operator`).toHaveLength(0);
  });

  it('makes one shop with one owner, even if two ask at once, and signs the owner in', async () => {
    const both = await Promise.all([
      setUp(),
      setUp({ owner: { ...wish.owner, email: 'bea@bottega.example.it' } }),
    ]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    expect(await database.raw`select from operator`).toHaveLength(1);
    expect(await database.raw`select from business`).toHaveLength(1);
    expect(await database.raw`select from store`).toHaveLength(1);
    const made = both.find(({ statusCode }) => statusCode === 200);
    expect(made?.json()).toMatchObject({
      state: 'signed_in',
      operator: { role: 'owner' },
      business: { language: 'it', formOfAddress: 'tu' },
    });
    expect((await new Browser(server).request('GET', '/api/session')).json()).toMatchObject({
      state: 'signed_out',
      operator: null,
      business: null,
    });
  });
});

describe('a shop that is being made', async () => {
  const database = await createTestDatabase();

  it('is known as such until it is done, also when making it fails', async () => {
    expect(await isBeingSetUp(database)).toBe(false);
    const made = await whileSettingUp(database, () => isBeingSetUp(database));
    expect(made).toBe(true);
    const failing = whileSettingUp(database, () => Promise.reject(new Error('no room')));
    await expect(failing).rejects.toThrow('no room');
    expect(await isBeingSetUp(database)).toBe(false);
  });
});
