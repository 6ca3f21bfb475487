import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { buildManagementServer } from '../../src/http/server.ts';
import type { RouteContext } from '../../src/http/route-context.ts';
import { tokenHash } from '../../src/kernel/secret.ts';
import { featureRoutes } from '../../src/main/features.ts';
import type { TestApplication } from './application.ts';

export interface Route {
  readonly method: string;
  readonly url: string;
  readonly access: 'anyone' | 'operator' | 'owner';
}

/** The management listener with every feature, and every route that it registered, documented or not. */
export async function openManagement(
  application: TestApplication,
  webFolder: string | null = null,
): Promise<{ server: FastifyInstance; routes: Route[] }> {
  const routes: Route[] = [];
  const observe: FastifyPluginAsyncZod = (server) => {
    server.addHook('onRoute', ({ method, url, config }) => {
      for (const one of [method].flat())
        if (one !== 'HEAD') routes.push({ method: one, url, access: config?.access ?? 'operator' });
    });
    return Promise.resolve();
  };
  // Without a scope of its own, as fastify-plugin does it: the hook must see the routes of the others.
  Object.assign(observe, { [Symbol.for('skip-override')]: true });
  const server = await buildManagementServer(application, [observe, ...featureRoutes(application)], {
    version: '0.0.0',
    webFolder,
    hostNames: [],
  });
  return { server, routes };
}

/** A browser at the management interface: keeps its cookie and sends its page's token, as ours does. */
export class Browser {
  readonly #server: FastifyInstance;
  cookie = '';
  csrfToken = '';

  constructor(server: FastifyInstance) {
    this.#server = server;
  }

  request(method: string, url: string, payload?: object, headers: Record<string, string> = {}) {
    return this.#server.inject({
      method: method,
      url,
      ...(payload === undefined ? {} : { payload }),
      headers: {
        host: 'localhost:3000',
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...(this.csrfToken === '' ? {} : { 'x-csrf-token': this.csrfToken }),
        ...headers,
      },
    });
  }

  async signIn(email: string, password: string): Promise<LightMyRequestResponse> {
    const response = await this.request('POST', '/api/session', { email, password });
    const [cookie] = response.cookies;
    if (cookie) this.cookie = `${cookie.name}=${cookie.value}`;
    this.csrfToken = response.statusCode === 200 ? response.json<{ csrfToken: string }>().csrfToken : '';
    return response;
  }
}

/** Somebody who works in the shop, already signed in. */
export async function signInAs(
  application: RouteContext,
  server: FastifyInstance,
  role: 'owner' | 'manager' | 'assistant',
): Promise<Browser & { readonly operatorId: number }> {
  const { raw } = application.database;
  const now = application.clock.now();
  const token = `token of ${role}`;
  const [operator] = await raw<{ operator_id: number }[]>`
    insert into operator (name, email, password_hash, role, created_at) values (${role}, ${`${role}@bottega.example.it`}, '', ${role}, ${now})
    on conflict (email) do update set role = excluded.role returning operator_id`;
  const operatorId = operator?.operator_id ?? 0;
  await raw`insert into operator_session (token_hash, operator_id, created_at, expires_at)
    values (${tokenHash(token)}, ${operatorId}, ${now}, ${new Date(now.getTime() + 3_600_000)}) on conflict do nothing`;
  const browser = new Browser(server);
  browser.cookie = `bentornato_session=${encodeURIComponent(token)}`;
  const session = await browser.request('GET', '/api/session');
  browser.csrfToken = session.json<{ csrfToken: string }>().csrfToken;
  return Object.assign(browser, { operatorId });
}
