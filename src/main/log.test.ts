import { afterAll, describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { openManagement, signInAs } from '../../test/support/management.ts';
import { addPerson } from '../../test/support/people.ts';
import { publicPages } from '../http/public/pages.ts';
import { buildPublicServer } from '../http/server.ts';
import { createLog } from './log.ts';

const email = 'lucia.bianchi@clienti.example.it';
const phone = '+39 333 123 4567';
const personal = [/lucia/i, /bianchi/i, /clienti\.example/i, /333 123/, /123 ?4567/];

describe('the log', async () => {
  const lines: string[] = [];
  const log = createLog('trace', { write: (line) => lines.push(line) });
  const application = { ...(await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') })), log };
  const { database } = application;
  const { server } = await openManagement(application);
  const pages = await buildPublicServer(application, publicPages(application));
  afterAll(() => Promise.all([server.close(), pages.close()]));
  const owner = await signInAs(application, server, 'owner');
  const expectNothingPersonal = (): void => {
    for (const line of lines) for (const trace of personal) expect(line).not.toMatch(trace);
  };

  it('tells a failed request by its number and code, and nothing of the person in it', async () => {
    lines.length = 0;
    await database.raw`alter table contact_identity add constraint no_such_address check (value <> ${database.raw.unsafe(`'${email}'`)})`;
    const answer = await owner.request('POST', '/api/contacts', {
      firstName: 'Lucia',
      lastName: 'Bianchi',
      identities: [
        { kind: 'email', value: email },
        { kind: 'phone', value: phone },
      ],
    });
    await database.raw`alter table contact_identity drop constraint no_such_address`;
    expect(answer.statusCode).toBe(500);
    const { requestId } = answer.json<{ requestId: string }>();
    const line = lines.map((text) => JSON.parse(text) as Record<string, object>).find(({ err }) => err);
    expect(line).toMatchObject({
      reqId: requestId,
      code: 'internal',
      err: { type: 'PostgresError', code: '23514', table: 'contact_identity', constraint: 'no_such_address' },
    });
    const { statement, stack } = line?.err as { statement: string; stack: string[] };
    expect(statement).toMatch(/^insert into contact_identity \(/);
    expect(stack.every((frame) => frame.startsWith('at '))).toBe(true);
    expectNothingPersonal();
  });

  it('blots addresses, numbers and quotations out of any error, causes included', () => {
    lines.length = 0;
    const cause = new Error(`550 5.1.1 <${email}>: no such user; call ${phone}`);
    log.error(
      { err: new Error(`cannot read "Lucia Bianchi" at line 7`, { cause }) },
      'background work failed',
    );
    const { err } = JSON.parse(lines[0] ?? '{}') as { err: { message: string; cause: { message: string } } };
    expect(err.message).toBe('cannot read "…" at line 7');
    expect(err.cause.message).toBe('550 5.1.1 <…@…>: no such user; call …');
    expectNothingPersonal();
  });

  it('has no line for a search, a page of a customer or a refused request', async () => {
    lines.length = 0;
    const contactId = await addPerson(application, { firstName: 'Lucia', lastName: 'Bianchi', email });
    await database.raw`insert into public_link (token, contact_id, created_at) values ('lucia-bianchi', ${contactId}, now())`;
    await owner.request('GET', `/api/contacts?search=${encodeURIComponent(email)}`);
    await owner.request('POST', '/api/contacts', {
      firstName: 'Lucia',
      identities: [{ kind: 'email', value: email }],
    });
    await owner.request('POST', '/api/session', { email, password: 'Bianchi' });
    expect((await pages.inject('/p/lucia-bianchi')).statusCode).toBe(200);
    await pages.inject({ method: 'POST', url: '/u/lucia-bianchi' });
    expect(lines).toEqual([]);
  });

  it('and the metrics count requests by route, without a name, an address or a token in them', async () => {
    const metrics = await owner.request('GET', '/metrics');
    expect(metrics.headers['content-type']).toContain('text/plain');
    expect(metrics.body).toMatch(
      /bentornato_http_request_seconds_count\{method="POST",route="\/api\/contacts",status="500"\} 1/,
    );
    expect(metrics.body).toMatch(/route="\/api\/contacts",status="200"/);
    expect(metrics.body).toContain('bentornato_send_queue_messages 0');
    for (const trace of [/lucia/i, /bianchi/i, /@/, /search=/]) expect(metrics.body).not.toMatch(trace);
  });
});
