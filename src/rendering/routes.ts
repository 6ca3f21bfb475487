import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { RouteContext } from '../http/route-context.ts';
import { listTemplates, saveTemplate } from './actions.ts';
import { templateInputSchema, templateListSchema, templateParamsSchema } from './schema.ts';

/** The words of the automatic messages. */
export function templateRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  return (server) => {
    server.get('/api/templates', { schema: { response: { 200: templateListSchema } } }, async () => ({
      templates: await listTemplates(database),
    }));
    server.put(
      '/api/templates/:templateId',
      {
        schema: {
          params: templateParamsSchema,
          body: templateInputSchema,
          response: { 200: templateListSchema },
        },
      },
      async (request) => {
        await saveTemplate(database, request.params.templateId, request.body, clock.now());
        return { templates: await listTemplates(database) };
      },
    );
    return Promise.resolve();
  };
}
