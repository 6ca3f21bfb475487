import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { createDemonstration } from '../demonstration/actions.ts';
import type { RouteContext } from '../http/route-context.ts';
import { setSessionCookie } from '../http/authentication.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import { dayOfInstant } from '../kernel/day.ts';
import { Failure } from '../kernel/failure.ts';
import type { Language } from '../kernel/language.ts';
import { languageFrom } from '../kernel/language.ts';
import { signIn } from './actions.ts';
import { hasOwner } from './queries.ts';
import { sessionSchema, setUpSchema } from './schema.ts';
import { describeNewSession } from './session-routes.ts';
import { setUpMyShop } from './set-up.ts';

const DEMONSTRATION_CONTACTS = 2000;
const progressSchema = z.object({ percent: z.number(), sentence: z.string() });

/** The first start: a shop of one's own, or the demonstration. Refused once somebody owns the shop. */
export function setUpRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  let progress = { percent: 0, step: 'preparing' };
  let isRunning = false;
  return (server) => {
    server.get(
      '/api/set-up/progress',
      { config: { access: 'anyone' }, schema: { response: { 200: progressSchema } } },
      (request) => ({
        percent: progress.percent,
        sentence: sentence(`set_up.${progress.step}`, requestLanguage(request.headers['accept-language'])),
      }),
    );
    server.post(
      '/api/set-up',
      { config: { access: 'anyone' }, schema: { body: setUpSchema, response: { 200: sessionSchema } } },
      async (request, reply) => {
        if (isRunning) throw new Failure('already_set_up', { status: 409 });
        isRunning = true;
        try {
          if (await hasOwner(database)) throw new Failure('already_set_up', { status: 409 });
          const now = clock.now();
          if (request.body.kind === 'my_shop') await setUpMyShop(database, request.body, now);
          else {
            const options = {
              sector: request.body.demonstrationSector,
              contactCount: DEMONSTRATION_CONTACTS,
              seed: 'bentornato',
              today: dayOfInstant(now, 'Europe/Rome'),
              owner: request.body.owner,
              onProgress: (percent: number, step: string) => (progress = { percent, step }),
            };
            await createDemonstration(context, options, now);
          }
          const token = await signIn(
            database,
            request.body.owner.email,
            request.body.owner.password,
            clock.now(),
          );
          setSessionCookie(request, reply, token);
          return await describeNewSession(context, token);
        } finally {
          isRunning = false;
        }
      },
    );
    return Promise.resolve();
  };
}

const requestLanguage = (header: string | undefined): Language => languageFrom(header);
