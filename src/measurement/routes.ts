import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { loadTimeZone } from '../business/actions.ts';
import type { RouteContext } from '../http/route-context.ts';
import { dayOfInstant, instantOfDay, isoFromDay } from '../kernel/day.ts';
import { exportDecisions, loadEffectResults, loadResults } from './actions.ts';
import { MONTH_DAYS } from './rules.ts';
import { effectResultsSchema, resultsQuerySchema, resultsSchema } from './schema.ts';

const DEFAULT_DAYS = 120;

/** Risultati. */
export function resultRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  return (server) => {
    server.get(
      '/api/results',
      { schema: { querystring: resultsQuerySchema, response: { 200: resultsSchema } } },
      async (request) => {
        const timeZone = await loadTimeZone(database);
        const today = dayOfInstant(clock.now(), timeZone);
        const period = {
          from: request.query.from ?? isoFromDay(today - DEFAULT_DAYS),
          to: request.query.to ?? isoFromDay(today),
          today: isoFromDay(today),
        };
        return loadResults(database, period, timeZone);
      },
    );
    server.get('/api/results/effects', { schema: { response: { 200: effectResultsSchema } } }, async () => {
      const timeZone = await loadTimeZone(database);
      const today = dayOfInstant(clock.now(), timeZone);
      const startOfMonth = instantOfDay(today - MONTH_DAYS, '00:00', timeZone);
      return loadEffectResults(database, { today, startOfMonth });
    });
    server.get(
      '/api/results/effects.csv',
      {
        schema: { querystring: resultsQuerySchema, produces: ['text/csv'], response: { 200: z.string() } },
      },
      async (request, reply) => {
        const csv = await exportDecisions(database, request.query);
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename="risultati.csv"')
          .send(csv);
      },
    );
    return Promise.resolve();
  };
}
