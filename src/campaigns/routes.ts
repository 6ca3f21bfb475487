import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { todayOf } from '../business/actions.ts';
import type { RouteContext } from '../http/route-context.ts';
import type { Day } from '../kernel/day.ts';
import { cancelCampaign, changeCampaign, createCampaign, listCampaigns, loadCampaign } from './actions.ts';
import { campaignInputSchema, campaignListSchema, campaignSchema } from './schema.ts';

const params = z.object({ campaignId: z.coerce.number().int() });

/** Promotions of the shop: list, write, change, cancel. */
export function campaignRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  const today = (): Promise<Day> => todayOf(database, clock.now());
  return (server) => {
    server.get('/api/campaigns', { schema: { response: { 200: campaignListSchema } } }, async () => ({
      campaigns: await listCampaigns(database, await today()),
    }));
    server.post(
      '/api/campaigns',
      { schema: { body: campaignInputSchema, response: { 201: campaignSchema } } },
      async (request, reply) => {
        const campaignId = await createCampaign(database, request.body, await today(), clock.now());
        return reply.status(201).send(await loadCampaign(database, campaignId, await today()));
      },
    );
    server.get(
      '/api/campaigns/:campaignId',
      { schema: { params, response: { 200: campaignSchema } } },
      async (request) => loadCampaign(database, request.params.campaignId, await today()),
    );
    server.put(
      '/api/campaigns/:campaignId',
      { schema: { params, body: campaignInputSchema, response: { 200: campaignSchema } } },
      async (request) => {
        await changeCampaign(database, request.params.campaignId, request.body, await today(), clock.now());
        return loadCampaign(database, request.params.campaignId, await today());
      },
    );
    server.post(
      '/api/campaigns/:campaignId/cancel',
      { schema: { params, response: { 200: campaignSchema } } },
      async (request) => {
        await cancelCampaign(
          database,
          request.params.campaignId,
          request.operator?.operatorId ?? null,
          clock.now(),
        );
        return loadCampaign(database, request.params.campaignId, await today());
      },
    );
    return Promise.resolve();
  };
}
