import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { loadBusiness } from '../business/actions.ts';
import type { RouteContext } from '../http/route-context.ts';
import { dayOfInstant, isoFromDay } from '../kernel/day.ts';
import { loadResults } from './actions.ts';
import { resultsQuerySchema, resultsSchema } from './schema.ts';

const DEFAULT_DAYS = 120;

/** Risultati. */
export function resultRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  return (server) => {
    server.get(
      '/api/results',
      { schema: { querystring: resultsQuerySchema, response: { 200: resultsSchema } } },
      async (request) => {
        const timeZone = (await loadBusiness(database))?.timeZone ?? 'Europe/Rome';
        const today = dayOfInstant(clock.now(), timeZone);
        const period = {
          from: request.query.from ?? isoFromDay(today - DEFAULT_DAYS),
          to: request.query.to ?? isoFromDay(today),
          today: isoFromDay(today),
        };
        return loadResults(database, period, timeZone);
      },
    );
    return Promise.resolve();
  };
}
