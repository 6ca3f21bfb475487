import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { loadBusiness } from '../business/actions.ts';
import type { RouteContext } from '../http/route-context.ts';
import { dayOfInstant } from '../kernel/day.ts';
import { listCategoryClocks, loadCategoryClock, loadContactClocks, overrideMedian } from './actions.ts';
import {
  categoryClockDetailSchema,
  categoryClockListSchema,
  contactClockListSchema,
  overrideSchema,
} from './schema.ts';

const categoryParams = z.object({ categoryId: z.coerce.number().int() });

/** Orologi, and a contact's clocks. */
export function clockRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  return (server) => {
    server.get(
      '/api/clocks/categories',
      { schema: { response: { 200: categoryClockListSchema } } },
      async () => ({
        categories: await listCategoryClocks(database),
      }),
    );
    server.get(
      '/api/clocks/categories/:categoryId',
      { schema: { params: categoryParams, response: { 200: categoryClockDetailSchema } } },
      (request) => loadCategoryClock(database, request.params.categoryId),
    );
    server.put(
      '/api/clocks/categories/:categoryId/override',
      {
        schema: {
          params: categoryParams,
          body: overrideSchema,
          response: { 200: categoryClockDetailSchema },
        },
      },
      async (request) => {
        await overrideMedian(database, request.params.categoryId, request.body.days, clock.now());
        return loadCategoryClock(database, request.params.categoryId);
      },
    );
    server.get(
      '/api/contacts/:contactId/clocks',
      {
        schema: {
          params: z.object({ contactId: z.coerce.number().int() }),
          response: { 200: contactClockListSchema },
        },
      },
      async (request) => {
        const timeZone = (await loadBusiness(database))?.timeZone ?? 'Europe/Rome';
        return {
          clocks: await loadContactClocks(
            database,
            request.params.contactId,
            dayOfInstant(clock.now(), timeZone),
          ),
        };
      },
    );
    return Promise.resolve();
  };
}
