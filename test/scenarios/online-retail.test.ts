import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { simpleParser } from 'mailparser';
import { afterAll, describe, expect, it } from 'vitest';
import { startTrialMailbox } from '../../src/channels/email/trial-mailbox.ts';
import { importContacts } from '../../src/contacts/import.ts';
import { dayFromIso } from '../../src/kernel/day.ts';
import { productTicks } from '../../src/main/product-ticks.ts';
import { releaseMessages } from '../../src/main/release.ts';
import { runDueTicks } from '../../src/main/ticks.ts';
import { loadResults } from '../../src/measurement/actions.ts';
import { approveDay, planAndReport } from '../../src/planner/actions.ts';
import { importSales } from '../../src/sales/actions.ts';
import { approveMessages } from '../../src/sending/actions.ts';
import { createTestApplication } from '../support/application.ts';
import { sharedData } from '../support/shared-data.ts';

const file = sharedData('data/online_retail.csv.gz');
const mapping: unknown = JSON.parse(
  readFileSync(new URL('../../data/mappings/uci-online-retail.json', import.meta.url), 'utf8'),
);
const timeZone = 'Europe/Rome';
const PEOPLE = 1_000;

/** Lines of the file by day of sale, from `from` up to `to`, as a file of its own. */
async function salesBetween(path: string, from: string, to: string): Promise<string> {
  const kept: string[] = [];
  let header = '';
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    if (header === '') kept.push((header = line));
    const day = /,(20\d\d-\d\d-\d\d) \d\d:\d\d:\d\d,/.exec(line)?.[1] ?? '';
    if (day >= from && day <= to) kept.push(line);
  }
  return kept.join('\n');
}

/** The first customers of the file, as a shop would have them on its sheets: with an invented address and both consents. */
function contactsOf(sales: string): string {
  const codes = new Set([...sales.matchAll(/,(\d{5})\.0,/g)].map(([, code = '']) => code));
  const people = [...codes].slice(0, PEOPLE).map((code) => {
    const evidence = `2010-11-30;foglio;foglio ${code}`;
    return `${code};Persona${code};${code}@clienti.example.it;sì;sì;${evidence}`;
  });
  return ['Codice;Nome;Email;Marketing;Profilazione;Data consenso;Metodo consenso;Prova', ...people].join(
    '\n',
  );
}

describe.skipIf(file === null)('a shop with the sales of Online Retail', async () => {
  const morning = (day: string): Date => new Date(`${day}T08:40:00Z`);
  const application = await createTestApplication({ now: morning('2011-08-31') });
  const { database, clock } = application;
  const mailbox = await startTrialMailbox(database, clock);
  afterAll(() => mailbox.close());
  const shop = { ...application, smtpUrl: mailbox.url };
  const importLines = async (from: string, to: string) => {
    const path = join(application.dataFolder, `vendite-${to}.csv`);
    writeFileSync(path, await salesBetween(file ?? '', from, to));
    return importSales(
      database,
      { source: { path }, fileName: `vendite-${to}.csv`, mapping, timeZone },
      clock.now(),
    );
  };
  const mails = () =>
    database.raw<{ recipient: string; subject: string; raw: Buffer }[]>`
      select recipient, subject, raw from trial_mail order by trial_mail_id`;

  it('takes in 1,000 people who said yes, and nine months of sales', async () => {
    const list = contactsOf(await salesBetween(file ?? '', '2010-12-01', '2011-08-31'));
    const people = await importContacts(
      database,
      { source: { stream: Readable.from([Buffer.from(list)]) }, fileName: 'clienti.csv', timeZone },
      clock.now(),
    );
    expect(people).toMatchObject({ accepted: PEOPLE, rejected: 0, consents: 2 * PEOPLE, withoutEvidence: 0 });
    const sales = await importLines('2010-12-01', '2011-08-31');
    expect(sales.read).toBe(sales.accepted + sales.rejected + sales.duplicates);
    expect(sales.contactsUpdated).toBe(PEOPLE);
    const [strangers] = await database.raw<{ clocks: number }[]>`
      select count(*) as clocks from clock where contact_id not in (select contact_id from consent_state where purpose = 'profiling')`;
    expect(strangers).toEqual({ clocks: 0 });
  });

  it('plans the first of September, twice the same', async () => {
    clock.moveTo(morning('2011-09-01'));
    const plan = await planAndReport(shop, dayFromIso('2011-09-01'), clock.now());
    const again = await planAndReport(shop, dayFromIso('2011-09-01'), clock.now());
    expect(again).toEqual(plan);
    expect(plan.messages.length).toBeGreaterThan(20);
    expect(new Set(plan.messages.map(({ contact }) => contact)).size).toBe(plan.messages.length);
    expect(Object.values(plan.verdicts).reduce((sum, count) => sum + count, 0)).toBe(plan.candidates);
    const values = plan.messages.map(({ expectedValueCents }) => expectedValueCents);
    expect(Math.min(...values)).toBeGreaterThan(0);
    const [unspoken] = await database.raw<{ count: number }[]>`
      select count(*) as count from candidate where plan_day = '2011-09-01' and (reason = '' or verdict is null)`;
    expect(unspoken).toEqual({ count: 0 });
  });

  it('writes to those who were approved, by real SMTP, and leaves the control group out', async () => {
    const { approved } = await approveDay(database, dayFromIso('2011-09-01'), clock.now());
    const sent = await releaseMessages(shop);
    expect(sent.sent + sent.withheld).toBe(approved);
    expect(sent).toMatchObject({ failed: 0, unknown: 0, cancelled: 0 });
    const arrived = await mails();
    expect(arrived).toHaveLength(sent.sent);
    expect(new Set(arrived.map(({ recipient }) => recipient)).size).toBe(sent.sent);
    const mail = await simpleParser(arrived[0]?.raw ?? Buffer.alloc(0));
    expect(mail.text).toContain('Bottega Inventata');
    expect(mail.html).toContain('<html');
    const [status] = await database.raw<{ planned: number; controls: number }[]>`
      select count(*) filter (where status = 'planned') as planned, count(*) filter (where status = 'withheld') as controls from message`;
    expect(status).toEqual({ planned: 0, controls: sent.withheld });
    expect((await releaseMessages(shop)).sent).toBe(0);
  });

  it('sees in September who came back, and claims nothing for messages that had no part in it', async () => {
    clock.moveTo(morning('2011-09-30'));
    const before = (await mails()).length;
    const sales = await importLines('2011-09-01', '2011-09-30');
    expect(sales.accepted).toBeGreaterThan(40_000);
    const results = await loadResults(
      database,
      { from: '2011-09-01', to: '2011-09-30', today: '2011-09-30' },
      timeZone,
    );
    const [reached] = await database.raw<{ sent: number; meant: number; returned: number }[]>`
      select count(*) filter (where status = 'sent') as sent, count(*) as meant, count(*) filter (where exists (select 1 from sale_receipt r where r.contact_id = m.contact_id
        and r.total_cents > 0 and r.sold_on > '2011-09-01' and r.sold_on <= '2011-09-15')) as returned
      from message m where assigned_by = 'decision'`;
    expect(reached?.sent).toBe(before);
    expect(results.treated).toMatchObject({ customers: reached?.meant, returned: reached?.returned });
    expect(reached?.returned).toBeGreaterThan(0);
    const { customers } = results.control;
    expect(customers / (customers + results.treated.customers)).toBeCloseTo(0.05, 1);
    // Nobody wrote to these customers in 2011: whoever measures an effect here measures wrongly.
    expect(results.verdict).toBe('no_difference');
    expect(results.difference?.low).toBeLessThan(0);
    expect(results.difference?.high).toBeGreaterThan(0);
  });

  it('stopped for three days sends nothing stale and nothing twice, and does missed work once', async () => {
    clock.moveTo(morning('2011-10-03'));
    await runDueTicks(database, productTicks(shop), clock.now(), timeZone);
    const [planned] = await database.raw<{ count: number }[]>`
      select count(*) as count from message where plan_day = '2011-10-03' and status = 'planned'`;
    expect(planned?.count).toBeGreaterThan(4);
    const half = await database.raw<{ contactId: number; messageId: number }[]>`
      select contact_id as "contactId", message_id as "messageId" from message
      where plan_day = '2011-10-03' and status = 'planned' order by message_id limit ${Math.floor((planned?.count ?? 0) / 2)}`;
    expect(await approveMessages(database, half, null, clock.now())).toBe(half.length);
    const before = (await mails()).length;

    clock.moveTo(morning('2011-10-06')); // the power was out
    const ran = await runDueTicks(database, productTicks(shop), clock.now(), timeZone);
    expect(ran.filter((name) => name === 'plan the day')).toHaveLength(1);
    expect(await runDueTicks(database, productTicks(shop), clock.now(), timeZone)).toEqual([]);
    await releaseMessages(shop);
    expect((await mails()).length).toBe(before);
    const states = await database.raw<{ status: string; count: number }[]>`
      select status, count(*) as count from message where plan_day = ${'2011-10-03'} group by status order by status`;
    expect(states).toEqual([
      { status: 'expired', count: half.length },
      { status: 'lapsed', count: (planned?.count ?? 0) - half.length },
    ]);
    const runs = await database.raw<{ plan_day: string }[]>`
      select plan_day from plan_run where plan_day > '2011-10-01' order by plan_day`;
    expect(runs.map(({ plan_day }) => plan_day)).toEqual(['2011-10-03', '2011-10-06']);
  });
});
