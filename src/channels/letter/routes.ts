import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { RouteContext } from '../../http/route-context.ts';
import {
  listLetters,
  markPosted,
  printedLabels,
  printedLetters,
  startPrinting,
  throwAway,
} from './actions.ts';
import { labelQuerySchema, letterListSchema, printedSchema, printJobParamsSchema } from './schema.ts';

const asPdf = { produces: ['application/pdf'], response: { 200: z.string() } };

/** Letters to print and to post. */
export function letterRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  return (server) => {
    const list = () => listLetters(database, clock.now());
    const actor = (request: { operator: { operatorId: number } | null }) => ({
      operatorId: request.operator?.operatorId ?? null,
      now: clock.now(),
    });
    server.get('/api/letters', { schema: { response: { 200: letterListSchema } } }, list);
    server.post('/api/letters/print', { schema: { response: { 200: printedSchema } } }, async (request) => ({
      printJobId: await startPrinting(context, actor(request)),
    }));
    const job = '/api/letters/print-jobs/:printJobId';
    server.get(
      `${job}/letters.pdf`,
      { schema: { params: printJobParamsSchema, ...asPdf } },
      async (request, reply) =>
        reply
          .type('application/pdf')
          .send((await printedLetters(database, request.params.printJobId)) as never),
    );
    server.get(
      `${job}/labels.pdf`,
      { schema: { params: printJobParamsSchema, querystring: labelQuerySchema, ...asPdf } },
      async (request, reply) =>
        reply
          .type('application/pdf')
          .send((await printedLabels(database, request.params.printJobId, request.query.used)) as never),
    );
    server.post(
      `${job}/posted`,
      { schema: { params: printJobParamsSchema, response: { 200: letterListSchema } } },
      async (request) => {
        await markPosted(context, request.params.printJobId, actor(request));
        return list();
      },
    );
    server.post(
      `${job}/thrown-away`,
      { schema: { params: printJobParamsSchema, response: { 200: letterListSchema } } },
      async (request) => {
        await throwAway(context, request.params.printJobId, clock.now());
        return list();
      },
    );
    return Promise.resolve();
  };
}
