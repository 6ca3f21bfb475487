import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { todayOf } from '../business/actions.ts';
import type { RouteContext } from '../http/route-context.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso } from '../kernel/day.ts';
import {
  listCategoryClocks,
  loadCategoryClock,
  loadClockQuality,
  loadContactClocks,
  overrideHabit,
  overrideMedian,
  recordClockWord,
} from './actions.ts';
import {
  categoryClockDetailSchema,
  categoryClockListSchema,
  clockQualitySchema,
  clockWordSchema,
  contactClockListSchema,
  habitSchema,
  overrideSchema,
} from './schema.ts';

const contactParams = z.object({ contactId: z.coerce.number().int() });
const categoryParams = z.object({ categoryId: z.coerce.number().int() });

/** Orologi, and a contact's clocks. */
export function clockRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  const today = (): Promise<Day> => todayOf(context.database, context.clock.now());
  return (server) => {
    server.get('/api/clocks/quality', { schema: { response: { 200: clockQualitySchema } } }, async () =>
      loadClockQuality(database, await today()),
    );
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
      async (request) => loadCategoryClock(database, request.params.categoryId, await today()),
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
        return loadCategoryClock(database, request.params.categoryId, await today());
      },
    );
    server.put(
      '/api/clocks/categories/:categoryId/habit',
      {
        schema: {
          params: categoryParams,
          body: z.object({ habit: habitSchema.nullable().describe('null: as in the sector') }),
          response: { 200: categoryClockDetailSchema },
        },
      },
      async (request) => {
        await overrideHabit(database, request.params.categoryId, request.body.habit, clock.now());
        return loadCategoryClock(database, request.params.categoryId, await today());
      },
    );
    registerContactClocks(server, context);
    return Promise.resolve();
  };
}

/** A contact's clocks, and what the contact says about them. */
function registerContactClocks(server: Parameters<FastifyPluginAsyncZod>[0], context: RouteContext): void {
  const { database, clock } = context;
  const today = (): Promise<Day> => todayOf(context.database, context.clock.now());
  server.get(
    '/api/contacts/:contactId/clocks',
    { schema: { params: contactParams, response: { 200: contactClockListSchema } } },
    async (request) => ({
      clocks: await loadContactClocks(database, request.params.contactId, await today()),
    }),
  );
  server.post(
    '/api/contacts/:contactId/clocks/:categoryId/words',
    {
      schema: {
        params: contactParams.extend(categoryParams.shape),
        body: clockWordSchema,
        response: { 200: contactClockListSchema },
      },
    },
    async (request) => {
      const { word, method, until } = request.body;
      const day = await today();
      await recordClockWord(
        database,
        {
          ...request.params,
          word,
          method,
          untilDay: until === null ? null : dayFromIso(until),
          operatorId: request.operator?.operatorId ?? null,
        },
        day,
        clock.now(),
      );
      return { clocks: await loadContactClocks(database, request.params.contactId, day) };
    },
  );
}
