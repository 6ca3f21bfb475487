import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { Browser, openManagement, signInAs } from '../../test/support/management.ts';
import { catalogueKeys } from '../kernel/catalogue/index.ts';
import { buildPublicServer } from './server.ts';
import { publicPages } from './public/pages.ts';

/** What anyone may call, each with its reason. Whatever else is added needs a session. */
const open = new Map([
  ['GET /', 'the page itself'],
  ['GET /icon.svg', 'part of the page'],
  ['GET /assets/*', 'part of the page'],
  ['GET /metrics', 'counts only, for Prometheus'],
  ['GET /api/health', 'whether the program runs'],
  ['GET /api/openapi.json', 'the description of the API'],
  ['GET /api/session', 'what the page asks first'],
  ['POST /api/session', 'signing in'],
  ['POST /api/session/demonstration', 'refused outside the demonstration shop'],
  ['POST /api/set-up', 'refused once the shop has an owner'],
  ['GET /api/set-up/progress', 'a percentage'],
]);

/** What only the owner may call. */
const owners = [
  'GET /api/calls/register',
  'GET /api/settings/email',
  'POST /api/calls/register',
  'POST /api/pressure/trial',
  'POST /api/settings/email/check',
  'POST /api/settings/operators',
  'PUT /api/pressure',
  'PUT /api/settings/business',
  'PUT /api/settings/calls',
  'PUT /api/settings/email',
  'PUT /api/settings/letters',
  'PUT /api/settings/operators/{operatorId}',
  'PUT /api/settings/plan',
  'PUT /api/settings/retention',
  'PUT /api/settings/stores/{storeId}',
];

const isChange = (method: string): boolean => method !== 'GET';
const address = (url: string): string => url.replace(/[{:][^/.}]+\}?/g, '1').replace('*', 'none.js');
const keyOf = (route: { method: string; url: string }): string =>
  `${route.method} ${route.url.replace(/:([^/.]+)/g, '{$1}')}`;

describe('every endpoint, to a stranger', async () => {
  const application = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const webFolder = mkdtempSync(join(tmpdir(), 'bentornato-web-'));
  mkdirSync(join(webFolder, 'assets'));
  writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>Bentornato</title>');
  writeFileSync(join(webFolder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const { server, routes } = await openManagement(application, webFolder);
  const pages = await buildPublicServer(application, publicPages(application));
  afterAll(async () => {
    await Promise.all([server.close(), pages.close()]);
    rmSync(webFolder, { recursive: true, force: true });
  });
  const description = (await new Browser(server).request('GET', '/api/openapi.json')).json<{
    paths: Record<string, Record<string, unknown>>;
  }>();
  const documented = Object.entries(description.paths).flatMap(([url, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${url}`),
  );
  const hidden = ['GET /', 'GET /icon.svg', 'GET /assets/*', 'GET /metrics', 'GET /api/openapi.json'];
  const everything = [...documented, ...hidden].map((key) => {
    const [method = '', url = ''] = key.split(' ');
    return { key, method, url: address(url) };
  });
  const closed = everything.filter(({ key }) => !open.has(key));

  it('is described: no route of a feature is missing in the description', () => {
    expect(routes.length).toBeGreaterThan(45);
    expect(routes.map(keyOf).filter((key) => !documented.includes(key) && !hidden.includes(key))).toEqual([]);
    expect([...open.keys()].filter((key) => !everything.some((route) => route.key === key))).toEqual([]);
  });

  it.each(closed)('answers 401 without a session: $key', async ({ method, url }) => {
    const response = await new Browser(server).request(method, url, isChange(method) ? {} : undefined);
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({ code: 'signed_out' });
  });

  it.each(closed)('answers 401 with an invented session: $key', async ({ method, url }) => {
    const browser = new Browser(server);
    browser.cookie = 'bentornato_session=AAAAAAAAAAAAAAAAAAAAAAAAAAA';
    browser.csrfToken = 'invented';
    expect((await browser.request(method, url, isChange(method) ? {} : undefined)).statusCode).toBe(401);
  });

  it('answers what is open', async () => {
    for (const { key, method, url } of everything.filter(
      ({ key: each }) => open.has(each) && !isChange(each.split(' ')[0] ?? ''),
    )) {
      const { statusCode } = await new Browser(server).request(method, url);
      expect(statusCode, key).toBe(url === '/assets/none.js' ? 404 : 200);
    }
  });

  it('gives nobody a shop that has an owner, nor a session without a password', async () => {
    const set = await new Browser(server).request('POST', '/api/set-up', {
      kind: 'my_shop',
      owner: { name: 'Intrusa', email: 'intrusa@example.it', password: 'una frase molto lunga' },
    });
    expect([set.statusCode, set.json<{ code: string }>().code]).toEqual([409, 'already_set_up']);
    const entered = await new Browser(server).request('POST', '/api/session/demonstration');
    expect([entered.statusCode, entered.json<{ code: string }>().code]).toEqual([403, 'not_demonstration']);
    expect([...set.cookies, ...entered.cookies]).toEqual([]);
  });

  it('leaves to the owner what is the owner’s', async () => {
    expect(
      routes
        .filter(({ access }) => access === 'owner')
        .map(keyOf)
        .sort(),
    ).toEqual(owners);
    const assistant = await signInAs(application, server, 'assistant');
    for (const { key, method, url } of closed) {
      if (key === 'DELETE /api/session') continue;
      const { statusCode } = await assistant.request(method, url, isChange(method) ? {} : undefined);
      expect(statusCode === 403, `${key} answered ${statusCode}`).toBe(owners.includes(key));
      expect(statusCode, key).not.toBe(401);
      expect(statusCode, key).toBeLessThan(500);
    }
  });

  it('refuses a change without the page’s token, with another session’s, or from another page', async () => {
    const owner = await signInAs(application, server, 'owner');
    const manager = await signInAs(application, server, 'manager');
    const token = owner.csrfToken;
    const changes = closed.filter(({ method }) => isChange(method));
    expect(changes.length).toBeGreaterThan(20);
    for (const { key, method, url } of changes) {
      const refused = async (what: string, headers: Record<string, string>): Promise<void> => {
        const response = await owner.request(method, url, {}, headers);
        expect([response.statusCode, response.json<{ code: string }>().code], `${key} ${what}`).toEqual([
          403,
          'csrf',
        ]);
      };
      owner.csrfToken = '';
      await refused('without token', {});
      owner.csrfToken = manager.csrfToken;
      await refused('with another’s token', {});
      owner.csrfToken = token;
      await refused('from another site', { origin: 'https://example.com' });
      await refused('from another port', { origin: 'http://localhost:8080' });
      await refused('from a page without origin', { origin: 'null' });
      await refused('from a form of another site', { 'sec-fetch-site': 'cross-site' });
    }
  });

  it('is refused under another name, which is how DNS rebinding comes', async () => {
    for (const { key, method, url } of everything) {
      const payload = isChange(method) ? {} : undefined;
      const response = await new Browser(server).request(method, url, payload, { host: 'evil.example.com' });
      expect(response.statusCode, key).toBe(421);
    }
    const forwarded = await new Browser(server).request('GET', '/api/health', undefined, {
      host: 'evil.example.com',
      'x-forwarded-host': 'localhost',
    });
    expect(forwarded.statusCode).toBe(421);
    for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'localhost'])
      expect(
        (await new Browser(server).request('GET', '/api/health', undefined, { host })).statusCode,
        host,
      ).toBe(200);
  });

  it('does not exist on the customers’ listener', async () => {
    for (const { key, method, url } of everything.filter((route) => route.url !== '/')) {
      const response = await pages.inject({
        method: method as 'GET',
        url,
        headers: { host: 'negozio.example.it' },
      });
      expect(response.statusCode, key).toBe(404);
    }
    const owner = await signInAs(application, server, 'owner');
    const response = await pages.inject({
      method: 'GET',
      url: '/api/contacts',
      headers: { cookie: owner.cookie },
    });
    expect(response.statusCode).toBe(404);
  });

  it('sends the headers that keep a browser safe, on both listeners', async () => {
    const answers = [
      await new Browser(server).request('GET', '/'),
      await new Browser(server).request('GET', '/api/session'),
      await pages.inject({ method: 'GET', url: '/p/none' }),
      await pages.inject({ method: 'GET', url: '/nothing' }),
    ];
    for (const { headers } of answers) {
      const policy = String(headers['content-security-policy']);
      for (const rule of [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
      ])
        expect(policy).toContain(rule);
      expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:\/\//);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['x-powered-by']).toBeUndefined();
    }
    expect(answers[1]?.headers['cache-control']).toBe('no-store');
  });

  it('fails with a code, a sentence in both languages and a number for the log', async () => {
    const owner = await signInAs(application, server, 'owner');
    const known = new Set(catalogueKeys('it'));
    const bad = [
      ...closed.filter(({ key }) => key !== 'DELETE /api/session'),
      { key: 'unknown', method: 'GET', url: '/api/nothing' },
      { key: 'unknown page', method: 'POST', url: '/nothing' },
    ];
    let failures = 0;
    for (const { key, method, url } of bad) {
      for (const [attempt, path] of [
        url,
        url.replaceAll('/1', '/3000000000'),
        url.replaceAll('/1', '/uno'),
      ].entries()) {
        const payload = isChange(method) ? { nonsense: true } : undefined;
        const italian = await owner.request(method, path, payload, { 'accept-language': 'it-IT' });
        if (italian.statusCode < 400) continue;
        failures += 1;
        const english = await owner.request(method, path, payload, { 'accept-language': 'en' });
        const answer = italian.json<{ code: string; message: string; requestId: string }>();
        const where = `${key} (${attempt}): ${italian.body}`;
        expect(Object.keys(answer).sort(), where).toEqual(['code', 'message', 'requestId']);
        expect(known.has(`failure.${answer.code}`), where).toBe(true);
        expect(answer.message, where).not.toMatch(/\{\w+\}|^failure\./);
        expect(answer.requestId, where).not.toBe('');
        expect(english.json<{ code: string }>().code, where).toBe(answer.code);
        expect(english.json<{ message: string }>().message, where).not.toBe(answer.message);
        expect(italian.statusCode, where).toBeLessThan(500);
      }
    }
    expect(failures).toBeGreaterThan(60);
  });

  it('refuses a body that is no JSON, and a text that cannot be saved, as the sender’s fault', async () => {
    const owner = await signInAs(application, server, 'owner');
    const broken = await server.inject({
      method: 'POST',
      url: '/api/contacts',
      payload: '{"firstName": "Ada',
      headers: {
        host: 'localhost',
        cookie: owner.cookie,
        'x-csrf-token': owner.csrfToken,
        'content-type': 'application/json',
      },
    });
    expect([broken.statusCode, broken.json<{ code: string }>().code]).toEqual([400, 'invalid_request']);
    const unsaved = await owner.request('POST', '/api/contacts', { firstName: 'Ada\u0000' });
    expect([unsaved.statusCode, unsaved.json<{ code: string }>().code]).toEqual([400, 'value_not_storable']);
  });
});
