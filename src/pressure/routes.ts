import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { RouteContext } from '../http/route-context.ts';
import { loadPressureState, loadWish, savePressure, saveWish } from './actions.ts';
import { pressureSchema, pressureStateSchema, wishSchema } from './schema.ts';

const ownerOnly = { access: 'owner' } as const;
const contactParams = z.object({ contactId: z.coerce.number().int() });

/** The pressure rules, and what a customer asked for. */
export function pressureRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  return (server) => {
    server.get('/api/pressure', { schema: { response: { 200: pressureStateSchema } } }, () =>
      loadPressureState(database),
    );
    server.put(
      '/api/pressure',
      { config: ownerOnly, schema: { body: pressureSchema, response: { 200: pressureStateSchema } } },
      async (request) => {
        const operatorId = request.operator?.operatorId ?? null;
        await savePressure(database, request.body, { now: clock.now(), operatorId });
        return loadPressureState(database);
      },
    );
    server.get(
      '/api/contacts/:contactId/wish',
      { schema: { params: contactParams, response: { 200: wishSchema } } },
      (request) => loadWish(database, request.params.contactId),
    );
    server.put(
      '/api/contacts/:contactId/wish',
      { schema: { params: contactParams, body: wishSchema, response: { 200: wishSchema } } },
      async (request) => {
        await saveWish(database, request.params.contactId, request.body, clock.now());
        return loadWish(database, request.params.contactId);
      },
    );
    return Promise.resolve();
  };
}
