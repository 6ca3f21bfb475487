import { buildManagementServer } from '../../src/http/server.ts';
import { featureRoutes } from '../../src/main/features.ts';
import type { TestApplication } from './application.ts';
import { OWNER } from './application.ts';

/** The owner at the management interface: every request carries the session and the token of the page. */
export interface Owner {
  request(
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
}

/** Signs the owner in, as the page does. */
export async function signInOwner(shop: TestApplication): Promise<Owner> {
  const server = await buildManagementServer(shop, featureRoutes(shop), {
    version: 'test',
    webFolder: null,
    hostNames: [],
  });
  const session = await server.inject({ method: 'POST', url: '/api/session', payload: OWNER });
  const { csrfToken } = session.json<{ csrfToken: string }>();
  const cookies = Object.fromEntries(session.cookies.map(({ name, value }) => [name, value]));
  const headers = { 'x-csrf-token': csrfToken };
  return {
    request: async (method, url, body) => {
      const payload = body ? { payload: body } : {};
      const answer = await server.inject({ method, url, cookies, headers, ...payload });
      return { status: answer.statusCode, body: answer.json<unknown>() };
    },
  };
}
