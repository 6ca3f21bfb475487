import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { RouteContext } from '../http/route-context.ts';
import { languageFrom } from '../kernel/language.ts';
import { downloadRejects, listImports, loadImport, loadRejectGroups } from './listing.ts';
import { closeAbandonedImports } from './run.ts';
import { importRunListSchema, importRunSchema, rejectGroupsSchema } from './schema.ts';

const params = z.object({ importRunId: z.coerce.number().int() });

/** Imports of every kind: their progress, their result and the rows that were rejected. */
export function importRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database } = context;
  return (server) => {
    server.addHook('onReady', async () => {
      await closeAbandonedImports(database, context.clock.now());
    });
    server.get('/api/imports', { schema: { response: { 200: importRunListSchema } } }, async (request) => ({
      imports: await listImports(database, languageFrom(request.headers['accept-language'])),
    }));
    server.get(
      '/api/imports/:importRunId',
      { schema: { params, response: { 200: importRunSchema } } },
      (request) =>
        loadImport(database, request.params.importRunId, languageFrom(request.headers['accept-language'])),
    );
    server.get(
      '/api/imports/:importRunId/rejects',
      { schema: { params, response: { 200: rejectGroupsSchema } } },
      (request) =>
        loadRejectGroups(
          database,
          request.params.importRunId,
          languageFrom(request.headers['accept-language']),
        ),
    );
    server.get(
      '/api/imports/:importRunId/rejects.csv',
      { schema: { params, produces: ['text/csv'], response: { 200: z.string() } } },
      async (request, reply) => {
        const language = languageFrom(request.headers['accept-language']);
        const text = await downloadRejects(database, request.params.importRunId, language);
        return reply
          .header('content-type', 'text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="scarti-${request.params.importRunId}.csv"`)
          .send(text);
      },
    );
    return Promise.resolve();
  };
}
