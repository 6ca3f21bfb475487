import { describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { addCategory, addMessage, addPerson } from '../../test/support/people.ts';
import { dayFromIso } from '../kernel/day.ts';
import { approveMessages } from '../sending/actions.ts';
import {
  cancelCampaign,
  changeCampaign,
  createCampaign,
  listCampaigns,
  loadCampaign,
  selectAudience,
  selectCampaignsBetween,
} from './actions.ts';
import { describeCampaign } from './rules.ts';
import { campaignInputSchema } from './schema.ts';

describe('a campaign in one sentence', () => {
  const dates = { startsOn: '2026-12-03', endsOn: '2026-12-09', today: dayFromIso('2026-11-24') };
  it.each([
    [{ ...dates, categoryNames: [], language: 'it' }, 'Per tutti, dal 3 dicembre al 9 dicembre'],
    [{ ...dates, categoryNames: ['capsule'], endsOn: '2026-12-03', language: 'it' }, 'Per chi compra capsule, il 3 dicembre'],
    [{ ...dates, categoryNames: ['capsule', 'miele', 'tè'], startsOn: '2026-12-08', language: 'it' }, 'Per chi compra capsule, miele o tè, dall’8 dicembre al 9 dicembre'],
    [{ ...dates, categoryNames: ['honey', 'tea'], language: 'en' }, 'For those who buy honey or tea, from 3 December to 9 December'],
    [{ ...dates, categoryNames: [], endsOn: '2027-01-11', language: 'it' }, 'Per tutti, dal 3 dicembre all’11 gennaio 2027'],
  ] as const)('%#', (options, sentence) => {
    expect(describeCampaign(options)).toBe(sentence);
  }); // prettier-ignore
});

describe('campaigns', async () => {
  const now = new Date('2026-11-24T09:00:00Z');
  const shop = await createTestApplication({ now });
  const { database } = shop;
  const { raw } = database;
  const today = dayFromIso('2026-11-24');
  const honey = await addCategory(shop, 'Miele');
  const input = (change: object = {}) =>
    campaignInputSchema.parse({ name: 'Natale', startsOn: '2026-12-01', endsOn: '2026-12-24', audience: { kind: 'everyone' }, subject: 'Una novità', text: 'È arrivata.', ...change }); // prettier-ignore
  const create = (change: object = {}) => createCampaign(database, input(change), today, now);

  it.each([
    ['campaign_dates', { startsOn: '2026-12-02', endsOn: '2026-12-01' }],
    ['campaign_over', { startsOn: '2026-11-01', endsOn: '2026-11-23' }],
    ['campaign_fields', { text: 'Ciao {{ contact.first_name }}' }],
    ['campaign_fields', { subject: '{% if x %}' }],
  ])('are refused with %s', async (code, change) => {
    await expect(create(change)).rejects.toMatchObject({ code });
    const campaignId = await create();
    await expect(changeCampaign(database, campaignId, input(change), today, now)).rejects.toMatchObject({
      code,
    });
    await raw`delete from campaign`;
  });

  it('may end today, and run on their days only', async () => {
    const campaignId = await create({ startsOn: '2026-11-24', endsOn: '2026-11-24' });
    const running = async (day: string) =>
      (await selectCampaignsBetween(database, day, day)).map((row) => row.campaign_id);
    expect(await running('2026-11-24')).toEqual([campaignId]);
    expect(await running('2026-11-23')).toEqual([]);
    expect(await running('2026-11-25')).toEqual([]);
    await raw`delete from campaign`;
  });

  it('reach everybody, or who bought in a category and let it be looked at', async () => {
    const buyer = await addPerson(shop);
    const other = await addPerson(shop);
    const secret = await addPerson(shop, {
      consents: [{ purpose: 'marketing', action: 'granted', channels: [] }],
    });
    await raw`insert into sale_receipt (contact_id, receipt_id, receipt_key, sold_at, sold_on, total_cents, line_count, import_run_id)
      values (${buyer}, 1, gen_random_uuid(), '2026-10-01', '2026-10-01', 900, 1, 1), (${secret}, 2, gen_random_uuid(), '2026-10-01', '2026-10-01', 900, 1, 1)`;
    await raw`insert into sale_line values (${buyer}, 1, 1, ${honey.categoryId}, ${honey.productId}, '2026-10-01', 1, 900),
      (${secret}, 2, 1, ${honey.categoryId}, ${honey.productId}, '2026-10-01', 1, 900)`;
    const { rebuildClocks } = await import('../clocks/actions.ts');
    await database.transaction((transaction) => rebuildClocks(transaction, [buyer, other, secret], now));
    expect(await selectAudience(database, { kind: 'everyone' })).toEqual([buyer, other, secret]);
    expect(await selectAudience(database, { kind: 'buyers', categoryIds: [honey.categoryId] })).toEqual([
      buyer,
    ]);
    expect(await selectAudience(database, { kind: 'buyers', categoryIds: [999] })).toEqual([]);
  });

  it('count who can be reached today: a yes to e-mail and an address that works', async () => {
    await addPerson(shop, { email: null });
    await addPerson(shop, { consents: [] });
    await addPerson(shop, { consents: [{ purpose: 'marketing', action: 'granted', channels: ['sms'] }] });
    const gone = await addPerson(shop);
    await raw`update contact_identity set unreachable_at = now() where contact_id = ${gone}`;
    const everyone = await loadCampaign(database, await create(), today);
    expect(everyone).toMatchObject({
      audienceCount: 3,
      sentence: 'Per tutti, dal 1 dicembre al 24 dicembre',
      isCancelled: false,
    });
    const buyers = await loadCampaign(
      database,
      await create({ audience: { kind: 'buyers', categoryIds: [honey.categoryId] } }),
      today,
    );
    expect(buyers).toMatchObject({
      audienceCount: 1,
      sentence: 'Per chi compra Miele, dal 1 dicembre al 24 dicembre',
    });
    expect(await listCampaigns(database, today)).toHaveLength(2);
    await expect(loadCampaign(database, 999, today)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('that are stopped propose nothing more and take back what has not left', async () => {
    const campaignId = await create({ startsOn: '2026-11-24' });
    const [first, second, third] = [await addPerson(shop), await addPerson(shop), await addPerson(shop)];
    const planned = await addMessage(shop, { contactId: first, campaignId, planDay: '2026-11-24' });
    const approved = await addMessage(shop, { contactId: second, campaignId, planDay: '2026-11-24' });
    const sent = await addMessage(shop, { contactId: third, campaignId, planDay: '2026-11-24' });
    await approveMessages(database, [approved], null, now);
    await raw`update message set status = 'sent' where message_id = ${sent.messageId}`;
    await cancelCampaign(database, campaignId, null, now);
    const rows = await raw<
      { status: string }[]
    >`select status from message where message_id = any(${[planned, approved, sent].map((row) => row.messageId)}) order by message_id`;
    expect(rows.map(({ status }) => status)).toEqual(['refused', 'refused', 'sent']);
    expect(await raw`select from send_queue`).toHaveLength(0);
    expect(
      (await selectCampaignsBetween(database, '2026-11-24', '2026-11-24')).map((row) => row.campaign_id),
    ).not.toContain(campaignId);
    expect(await loadCampaign(database, campaignId, today)).toMatchObject({
      isCancelled: true,
      messages: { planned: 0, approved: 0, sent: 1, withheld: 0 },
    });
    const [stopped] = await raw`select cancelled_at from campaign where campaign_id = ${campaignId}`;
    await cancelCampaign(database, campaignId, null, new Date('2026-11-25T09:00:00Z'));
    expect(await raw`select cancelled_at from campaign where campaign_id = ${campaignId}`).toEqual([stopped]);
  });
});
