import type { TestApplication } from './application.ts';
import { OWNER } from './application.ts';
import { Browser, openManagement } from './management.ts';

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
  const { server } = await openManagement(shop);
  const browser = new Browser(server);
  await browser.signIn(OWNER.email, OWNER.password);
  return {
    request: async (method, url, body) => {
      const answer = await browser.request(method, url, body);
      return { status: answer.statusCode, body: answer.json<unknown>() };
    },
  };
}
