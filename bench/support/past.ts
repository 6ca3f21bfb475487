import { loadDueClocks } from '../../src/clocks/actions.ts';
import type { Database } from '../../src/database/connection.ts';
import type { Day } from '../../src/kernel/day.ts';
import { isoFromDay } from '../../src/kernel/day.ts';
import { findTemplate, freezeMessage } from '../../src/rendering/actions.ts';

/** Months in which messages already went out, and days whose candidates are kept. */
const MESSAGE_DAYS = 180;
const CANDIDATE_DAYS = 30;
const PER_CONTACT = 4;

/**
 * What half a year of the programme leaves behind, written set-based in the shape in which the product leaves it: messages with
 * their frozen content, events and links (about one in twenty left out by lot, some refused, failed or unknown),
 * every day's candidates with their verdicts, the lots of the year. So caps, earlier refusals and results are real.
 */
export async function writePast(
  database: Database,
  options: { today: Day; messages: number },
): Promise<{ messages: number; candidates: number }> {
  const { raw } = database;
  const today = isoFromDay(options.today);
  const [sample] = await loadDueClocks(database, options.today);
  if (!sample) throw new Error('nobody is due: the shop is too small');
  const facts = raw.json({ kind: 'clock', clock: sample } as never);
  const { templateId } = await findTemplate(database, {
    purpose: 'refill',
    channel: 'email',
    now: new Date(),
    language: 'it',
    formOfAddress: 'tu',
  });
  await raw`
    insert into message (contact_id, plan_day, source, class, channel, category_id, template_id, status, reason, value_cents, probability, cost_cents,
      facts, subject, opening, send_after, send_before, approved_at, approved_by, assignment, assignment_probability, assigned_by, released_at,
      settled_at, created_at)
    select contact_id, day, 'clock:' || category_id, 'promotion', 'email', category_id, ${templateId}, status,
      case status when 'refused' then 'refused.other' when 'withheld' then 'control' else '' end, 60, 0.3, 0.1, ${facts},
      'Te ne tengo da parte?', 'è un po’ che non ti vediamo', day + time '09:30', day + time '16:30', day + time '08:00', 1,
      case when status = 'withheld' then 'control' when status in ('sent', 'failed', 'unknown') then 'treated' end, 0.95,
      case when status in ('sent', 'withheld', 'failed', 'unknown') then 'programme' end,
      case when status in ('sent', 'withheld', 'failed', 'unknown') then day + time '10:00' end, day + time '10:01', day + time '04:30'
    from (
      select k.contact_id, k.category_id,
        ${today}::date - 1 - (k.contact_id * 37 % 45)::integer - 45 * turn as day,
        case when (k.contact_id * 7 + turn * 31) % 100 < 5 then 'withheld' when (k.contact_id * 7 + turn * 31) % 100 < 8 then 'refused'
          when (k.contact_id * 7 + turn * 31) % 100 < 10 then 'lapsed' when (k.contact_id * 7 + turn * 31) % 1000 = 99 then 'unknown'
          when (k.contact_id * 7 + turn * 31) % 100 = 99 then 'failed' else 'sent' end as status
      from (select distinct on (contact_id) contact_id, category_id from clock order by contact_id, category_id) k
      cross join generate_series(0, ${PER_CONTACT - 1}) turn) past
    where day > ${today}::date - ${MESSAGE_DAYS}::integer
    order by day desc, contact_id limit ${options.messages}`;
  await freezeAll(database);
  await writeFacts(database);
  await writeCandidates(database, today);
  const [row] = await raw<{ messages: number; candidates: number }[]>`
    select (select count(*) from message) as messages, (select count(*) from candidate) as candidates`;
  return row ?? { messages: 0, candidates: 0 };
}

/** Every mail that left keeps its words; one is rendered by the product and stands for all. */
async function freezeAll(database: Database): Promise<void> {
  const { raw } = database;
  const [first] = await raw<{ contact_id: number; message_id: number; created_at: Date }[]>`
    select contact_id, message_id, created_at from message order by message_id limit 1`;
  if (!first) return;
  const content = await freezeMessage(
    database,
    { contactId: first.contact_id, messageId: first.message_id },
    { publicUrl: 'https://scelte.example.it', token: 'x'.repeat(27), now: first.created_at },
  );
  await raw`update message set frozen = jsonb_set(${raw.json(content as never)}, '{recipientName}', to_jsonb('Persona ' || contact_id)),
    external_id = contact_id || '.' || message_id where status in ('sent', 'unknown', 'failed')`;
}

async function writeFacts({ raw }: Database): Promise<void> {
  await raw`
    insert into message_event (contact_id, message_id, kind, detail, occurred_at)
    select contact_id, message_id, kind, '{}', coalesce(released_at, created_at)
    from message cross join (values ('approved'), ('attempt'), ('accepted')) as event (kind)
    where kind = 'approved' or status = 'sent' order by message_id`;
  await raw`
    insert into public_link (token, contact_id, message_id, created_at)
    select md5(message_id::text), contact_id, message_id, released_at from message where status in ('sent', 'unknown', 'failed')`;
  await raw`
    insert into control_bucket (household_id, year, bucket, is_control, control_probability, assigned_at)
    select distinct m.contact_id, extract(year from m.released_at)::integer, 0.5, m.contact_id * 7 % 100 < 5, 0.05, timestamptz '2026-01-01'
    from message m where m.released_at is not null`;
  await raw`
    insert into suppression (address_hash, reason, suppressed_at)
    select sha256(n::text::bytea), 'unsubscribed', timestamptz '2026-01-01' from generate_series(1, 1000) n`;
}

/** One verdict for every need that was open on each of the last days. */
async function writeCandidates({ raw }: Database, today: string): Promise<void> {
  await raw`
    insert into candidate (contact_id, plan_day, source, channel, class, category_id, probability, value_cents, verdict, reason)
    select k.contact_id, ${today}::date - ago, 'clock:' || k.category_id, 'email', 'promotion', k.category_id, 0.3, 60,
      case when k.contact_id % 5 = 0 then 'planned' else 'blocked' end, case when k.contact_id % 5 = 0 then 'planned' else 'caps.reached?max=1&days=14' end
    from generate_series(1, ${CANDIDATE_DAYS}::integer) ago
    join clock k on k.due_from <= ${today}::date - ago and k.due_to >= ${today}::date - ago
    order by ago desc, k.contact_id`;
  await raw`
    insert into plan_run (plan_day, planned_at, candidate_count, verdicts, reasons)
    select plan_day, plan_day + time '04:30', count(*), '{}', '{}' from candidate group by plan_day`;
}
