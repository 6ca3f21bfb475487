import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { RouteContext } from '../http/route-context.ts';
import { listCalls, listNumbersToCheck, loadCall, recordOutcome, takeRegisterAnswer } from './actions.ts';
import {
  callDetailSchema,
  callListQuerySchema,
  callListSchema,
  callOutcomeSchema,
  callResultSchema,
  registerCountSchema,
  registerResultSchema,
} from './schema.ts';

const params = z.object({ contactId: z.coerce.number().int(), messageId: z.coerce.number().int() });

/** The calls of who is signed in, and the opposition register. */
export function callRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  return (server) => {
    const viewerOf = (request: { operator?: { operatorId: number } | null }) => ({
      operatorId: request.operator?.operatorId ?? null,
      now: clock.now(),
    });
    server.get(
      '/api/calls',
      { schema: { querystring: callListQuerySchema, response: { 200: callListSchema } } },
      (request) => listCalls(database, request.query.whose, viewerOf(request)),
    );
    server.get(
      '/api/calls/:contactId/:messageId',
      { schema: { params, response: { 200: callDetailSchema } } },
      (request) => loadCall(database, request.params, viewerOf(request)),
    );
    server.post(
      '/api/calls/:contactId/:messageId/outcome',
      { schema: { params, body: callOutcomeSchema, response: { 200: callResultSchema } } },
      async (request) => ({
        sentence: await recordOutcome(context, request.params, request.body, viewerOf(request)),
      }),
    );
    server.get(
      '/api/calls/register',
      { config: { access: 'owner' }, schema: { produces: ['text/csv'], response: { 200: z.string() } } },
      async (_request, reply) =>
        reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename="numeri.csv"')
          .send(await listNumbersToCheck(database)),
    );
    server.post(
      '/api/calls/register',
      {
        config: { access: 'owner' },
        schema: { body: registerResultSchema, response: { 200: registerCountSchema } },
      },
      (request) => takeRegisterAnswer(database, request.body, clock.now()),
    );
    return Promise.resolve();
  };
}
