import { afterAll, describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { Browser, openManagement } from '../../test/support/management.ts';

const email = 'marta@bottega.example.it';
const password = 'una frase molto lunga';

describe('a session', async () => {
  const application = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { database, clock } = application;
  const { server } = await openManagement(application);
  afterAll(() => server.close());
  const contacts = (browser: Browser) => browser.request('GET', '/api/contacts');

  it('keeps a password only as argon2id, at least as costly as OWASP asks (19 MiB, two passes)', async () => {
    const [operator] = await database.raw<{ password_hash: string }[]>`select password_hash from operator`;
    const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(
      operator?.password_hash ?? '',
    );
    expect(Number(match?.[1])).toBeGreaterThanOrEqual(19_456);
    expect(Number(match?.[2])).toBeGreaterThanOrEqual(2);
    expect(Buffer.from(match?.[4] ?? '', 'base64').length).toBeGreaterThanOrEqual(16);
    expect(Buffer.from(match?.[5] ?? '', 'base64').length).toBeGreaterThanOrEqual(32);
  });

  it('opens with the password, in whatever case the address is typed, and tells who came in', async () => {
    const browser = new Browser(server);
    const answer = await browser.signIn(' Marta@Bottega.example.it ', password);
    expect(answer.json()).toMatchObject({ state: 'signed_in', operator: { name: 'Marta', role: 'owner' } });
    expect((await contacts(browser)).statusCode).toBe(200);
  });

  it('lives in a cookie that scripts cannot read and other sites cannot send, by https only where there is https', async () => {
    const sign = (headers: Record<string, string>) =>
      new Browser(server).request('POST', '/api/session', { email, password }, headers);
    const [plain] = (await sign({})).cookies;
    expect(plain).toMatchObject({
      name: 'bentornato_session',
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
    });
    expect(plain?.secure).toBeUndefined();
    const [secure] = (await sign({ 'x-forwarded-proto': 'https' })).cookies;
    expect(secure).toMatchObject({ httpOnly: true, sameSite: 'Strict', secure: true });
  });

  it('is in the database only as a hash', async () => {
    const browser = new Browser(server);
    await browser.signIn(email, password);
    const rows = await database.raw<{ row: string }[]>`
      select t::text as row from operator_session t union all select t::text from operator t`;
    const token = decodeURIComponent(browser.cookie.split('=')[1] ?? '');
    expect(token.length).toBeGreaterThanOrEqual(27);
    expect(rows.filter(({ row }) => row.includes(token) || row.includes(password))).toEqual([]);
  });

  it('ends on the server when one signs out, whoever still holds the cookie', async () => {
    const browser = new Browser(server);
    await browser.signIn(email, password);
    const other = new Browser(server);
    await other.signIn(email, password);
    const out = await browser.request('DELETE', '/api/session');
    expect(out.statusCode).toBe(204);
    expect(out.cookies[0]).toMatchObject({ name: 'bentornato_session', value: '' });
    expect((await contacts(browser)).statusCode).toBe(401);
    expect((await contacts(other)).statusCode).toBe(200);
  });

  it('ends at once for an operator who was disabled, and cannot be opened again', async () => {
    const browser = new Browser(server);
    await browser.signIn(email, password);
    await database.raw`update operator set disabled_at = ${clock.now()} where email = ${email}`;
    expect((await contacts(browser)).statusCode).toBe(401);
    expect((await new Browser(server).signIn(email, password)).statusCode).toBe(401);
    await database.raw`update operator set disabled_at = null where email = ${email}`;
    expect((await contacts(browser)).statusCode).toBe(200);
  });

  it('ends after thirty days', async () => {
    const browser = new Browser(server);
    await browser.signIn(email, password);
    const start = clock.now();
    clock.advance(30 * 86_400_000 - 1);
    expect((await contacts(browser)).statusCode).toBe(200);
    clock.advance(2);
    expect((await contacts(browser)).statusCode).toBe(401);
    clock.moveTo(start);
  });

  it('is refused in the same words for a wrong password and for an unknown address', async () => {
    const { server: fresh } = await openManagement(application);
    const sign = (body: object) => new Browser(fresh).request('POST', '/api/session', body);
    const wrong = await sign({ email, password: 'un’altra frase lunga' });
    const unknown = await sign({ email: 'nessuno@example.it', password });
    await fresh.close();
    expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401]);
    const { code, message } = wrong.json<Record<string, string>>();
    expect(unknown.json()).toMatchObject({ code, message });
    expect([...wrong.cookies, ...unknown.cookies]).toEqual([]);
  });

  it('cannot be guessed: after ten attempts one waits', async () => {
    const { server: fresh } = await openManagement(application);
    const guesses: number[] = [];
    for (let guess = 0; guess < 12; guess += 1)
      guesses.push(
        (await new Browser(fresh).request('POST', '/api/session', { email, password: `${guess}` }))
          .statusCode,
      );
    expect(guesses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    const right = await new Browser(fresh).request('POST', '/api/session', { email, password });
    expect([right.statusCode, right.json<{ code: string }>().code]).toEqual([429, 'too_many_attempts']);
    await fresh.close();
  });
});
