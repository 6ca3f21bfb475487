import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { todayOf } from '../business/actions.ts';
import type { RouteContext } from '../http/route-context.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso } from '../kernel/day.ts';
import { pressureSchema } from '../pressure/schema.ts';
import { planDay } from './actions.ts';
import { loadCertificates } from './certificates.ts';
import {
  planCertificatesSchema,
  planCountsSchema,
  pressureMapSchema,
  pressureTrialSchema,
  proposalDetailSchema,
  todayGroupQuerySchema,
  todayGroupSchema,
  todaySchema,
} from './schema.ts';
import { loadPressureMap } from './pressure-map.ts';
import { tryPressure } from './simulate.ts';
import { loadProposal, loadToday, loadTodayGroup } from './today.ts';

const dayQuery = z.object({ day: z.iso.date().optional() });
const messageParams = z.object({ contactId: z.coerce.number().int(), messageId: z.coerce.number().int() });

/** Oggi and the plan behind it. */
export function plannerRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock, secretKey, smtpUrl, publicUrl } = context;
  const dayOf = async (iso: string | undefined): Promise<Day> =>
    iso ? dayFromIso(iso) : todayOf(database, clock.now());
  const dependencies = { connection: database, secretKey, smtpUrl, publicUrl };
  return (server) => {
    server.get(
      '/api/today',
      { schema: { querystring: dayQuery, response: { 200: todaySchema } } },
      async (request) => loadToday(dependencies, await dayOf(request.query.day)),
    );
    server.get(
      '/api/today/groups/:key',
      {
        schema: {
          params: z.object({ key: z.string() }),
          querystring: todayGroupQuerySchema.extend(dayQuery.shape),
          response: { 200: todayGroupSchema },
        },
      },
      async (request) =>
        loadTodayGroup(database, await dayOf(request.query.day), request.params.key, request.query),
    );
    server.get(
      '/api/today/proposals/:contactId/:messageId',
      { schema: { params: messageParams, response: { 200: proposalDetailSchema } } },
      async (request) =>
        loadProposal(
          { ...dependencies, now: clock.now() },
          request.params.contactId,
          request.params.messageId,
          await dayOf(undefined),
        ),
    );
    server.get('/api/pressure/map', { schema: { response: { 200: pressureMapSchema } } }, async () =>
      loadPressureMap(database, await dayOf(undefined)),
    );
    server.post(
      '/api/pressure/trial',
      {
        config: { access: 'owner' },
        schema: { body: pressureSchema, response: { 200: pressureTrialSchema } },
      },
      async (request) => tryPressure({ database, secretKey, smtpUrl }, request.body, await dayOf(undefined)),
    );
    server.get(
      '/api/plan/certificates',
      { schema: { response: { 200: planCertificatesSchema } } },
      async () => loadCertificates(database, await dayOf(undefined)),
    );
    server.post(
      '/api/plan',
      { schema: { body: z.object({ date: z.iso.date().optional() }), response: { 200: planCountsSchema } } },
      async (request) =>
        planDay({ database, secretKey, smtpUrl }, await dayOf(request.body.date), clock.now()),
    );
    return Promise.resolve();
  };
}
