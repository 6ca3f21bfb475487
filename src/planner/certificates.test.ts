import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { openManagement, signInAs } from '../../test/support/management.ts';
import { dayFromIso, isoFromDay } from '../kernel/day.ts';
import { loadCertificates } from './certificates.ts';
import { campaignLimit, dayLimit, readLimit } from './limit-names.ts';
import type { PlanCertificates } from './schema.ts';

const today = dayFromIso('2026-11-24');

describe('value of the plan against its bound', async () => {
  const shop = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database } = shop;
  const { raw } = database;
  const addRun = async (
    daysAgo: number,
    run: { value: number | null; bound: number | null; limits?: object },
  ): Promise<void> => {
    await raw`
      insert into plan_run (plan_day, planned_at, candidate_count, verdicts, reasons, value_cents, bound_cents, limits)
      values (${isoFromDay(today - daysAgo)}, ${shop.clock.now()}, 0, '{}', '{}', ${run.value}, ${run.bound}, ${raw.json((run.limits ?? {}) as never)})`;
  };
  const addCampaign = async (name: string): Promise<number> => {
    const [row] = await raw<{ campaign_id: number }[]>`
      insert into campaign (name, class, starts_on, ends_on, audience, template_id, subject, body, created_at)
      select ${name}, 'promotion', '2026-11-24', '2026-11-30', '{"kind": "everyone"}', min(template_id), 'Vieni', 'Ti aspettiamo', ${shop.clock.now()}
      from template returning campaign_id`;
    return row?.campaign_id ?? 0;
  };
  beforeEach(async () => {
    await raw`truncate plan_run`;
  });

  it('is told for every day that has a plan, with how close it is in words, never rounded up', async () => {
    await addRun(90, { value: 1, bound: 1 });
    await addRun(89, { value: 12_000, bound: 12_000 });
    await addRun(3, { value: null, bound: null });
    await addRun(1, { value: 0, bound: 0 });
    await addRun(0, { value: 99_996, bound: 100_000 });
    const { from, until, days, sentence } = await loadCertificates(database, today);
    expect([from, until]).toEqual(['2026-08-27', '2026-11-24']);
    expect(days).toEqual([
      { day: '2026-08-27', valueCents: 12_000, boundCents: 12_000, share: 1, closeness: 'il migliore' },
      { day: '2026-11-23', valueCents: 0, boundCents: 0, share: null, closeness: 'vuoto' },
      { day: '2026-11-24', valueCents: 99_996, boundCents: 100_000, share: 0.99996, closeness: '99,99 %' },
    ]);
    expect(sentence).toBe('Il piano di oggi è al 99,99 % del migliore possibile con i tuoi limiti.');
  });

  it('says of which day it is when today has no plan yet, and that there is none at all', async () => {
    const none = await loadCertificates(database, today);
    expect(none).toMatchObject({ days: [], wider: [], widerSentence: '' });
    expect(none.sentence).toBe('Qui vedrai ogni giorno quanto vale il piano. Il primo arriva domattina.');
    await addRun(1, { value: 500, bound: 500 });
    expect((await loadCertificates(database, today)).sentence).toBe(
      'L’ultimo piano, del 23 novembre, è il migliore possibile con i tuoi limiti.',
    );
    await addRun(0, { value: 0, bound: 0 });
    expect((await loadCertificates(database, today)).sentence).toBe(
      'Il piano di oggi è vuoto: non c’è niente da mandare.',
    );
  });

  it('names the limits of the last plan that cost something, the dearest first', async () => {
    const campaignId = await addCampaign('Fiera');
    const campaign = `campaign:${campaignId}`;
    await addRun(1, { value: 1, bound: 1, limits: { 'email:0': { price: 900, left: 0 } } });
    await addRun(0, {
      value: 900,
      bound: 1000,
      limits: {
        // 14 days at 42 cents, and a week of 7 days at 36: (14 × 42 + 7 × 36)/42 = 20 cents a day.
        ...Object.fromEntries(
          Array.from({ length: 14 }, (_, ahead) => [dayLimit('email', ahead), { price: 42, left: 0 }]),
        ),
        [dayLimit('email', 14)]: { price: 36, left: 0 },
        [dayLimit('email', 21)]: { price: 0, left: 40 },
        [campaignLimit(campaign, 'messages')]: { price: 75, left: 0 },
        [campaignLimit(campaign, 'cents')]: { price: 3, left: 0 },
        [campaignLimit(campaign, 'least')]: { price: 0.2, left: 0 },
        'something of an earlier version': { price: 100, left: 0 },
      },
    });
    const { wider, widerSentence } = await loadCertificates(database, today);
    expect(wider.map(({ limit, cents }) => [limit, Math.round(1000 * cents) / 1000])).toEqual([
      [`${campaign}:cents`, 300],
      [`${campaign}:messages`, 75],
      ['email', 20],
    ]);
    expect(wider.map(({ sentence }) => sentence.replaceAll('\u00a0', ' '))).toEqual([
      'Un euro in più da spendere per «Fiera» renderebbe 3,00 €.',
      'Un messaggio in più di «Fiera» renderebbe 0,75 €.',
      'Un’email in più al giorno renderebbe 0,20 € al giorno.',
    ]);
    expect(widerSentence).toMatch(/^Che cosa renderebbe di più/);
  });

  it('says that there is room where no limit costs anything', async () => {
    await addRun(0, { value: 1000, bound: 1000, limits: { 'email:0': { price: 0, left: 12 } } });
    const { wider, widerSentence } = await loadCertificates(database, today);
    expect(wider).toEqual([]);
    expect(widerSentence).toMatch(/^Nei prossimi 42 giorni i posti bastano/);
  });

  it('is there for whoever works in the shop', async () => {
    await addRun(0, { value: 1000, bound: 1000 });
    const { server } = await openManagement(shop);
    const assistant = await signInAs(shop, server, 'assistant');
    const answer = await assistant.request('GET', '/api/plan/certificates');
    expect(answer.statusCode).toBe(200);
    expect(answer.json<PlanCertificates>().days).toHaveLength(1);
    expect((await server.inject('/api/plan/certificates')).statusCode).toBe(401);
    await server.close();
  });
});

describe('names of limits', () => {
  it('are read as they were written, and anything else as nothing', () => {
    expect(readLimit(dayLimit('sms', 30))).toEqual({ channel: 'sms', daysAhead: 28 });
    expect(readLimit(campaignLimit('campaign:7', 'least'))).toEqual({ campaignId: 7, what: 'least' });
    for (const name of ['pigeon:3', 'campaign:7:feathers', 'email', '', 'email:1:messages'])
      expect(readLimit(name)).toBeNull();
  });
});
