import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { RouteContext } from '../http/route-context.ts';
import { loadPlanSettings, requireBusiness } from './actions.ts';
import { selectStores, updateBusiness, updateStore, upsertSetting } from './queries.ts';
import { checkReachability } from './reachability.ts';
import { businessSchema, planSettingsSchema, reachabilitySchema, storeSchema } from './schema.ts';

const storesSchema = z.object({ stores: z.array(storeSchema) });
const ownerOnly = { access: 'owner' } as const;

/** The shop's own data and how the plan behaves. */
export function settingsRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  return (server) => {
    server.get('/api/settings/business', { schema: { response: { 200: businessSchema } } }, () =>
      requireBusiness(database),
    );
    server.put(
      '/api/settings/business',
      { config: ownerOnly, schema: { body: businessSchema, response: { 200: businessSchema } } },
      async (request) => {
        await updateBusiness(database, request.body);
        return requireBusiness(database);
      },
    );
    server.get('/api/settings/stores', { schema: { response: { 200: storesSchema } } }, () =>
      loadStores(context),
    );
    server.put(
      '/api/settings/stores/:storeId',
      {
        config: ownerOnly,
        schema: {
          params: z.object({ storeId: z.coerce.number().int() }),
          body: storeSchema.omit({ storeId: true }),
          response: { 200: storesSchema },
        },
      },
      async (request) => {
        await updateStore(database, request.params.storeId, request.body);
        return loadStores(context);
      },
    );
    server.get('/api/settings/plan', { schema: { response: { 200: planSettingsSchema } } }, () =>
      loadPlanSettings(database),
    );
    server.put(
      '/api/settings/plan',
      { config: ownerOnly, schema: { body: planSettingsSchema, response: { 200: planSettingsSchema } } },
      async (request) => {
        await upsertSetting(
          database,
          'plan',
          request.body,
          request.operator?.operatorId ?? null,
          clock.now(),
        );
        return loadPlanSettings(database);
      },
    );
    server.get(
      '/api/settings/reachability',
      { schema: { response: { 200: reachabilitySchema } } },
      async () => checkReachability(context.publicUrl, (await requireBusiness(database)).language),
    );
    return Promise.resolve();
  };
}

async function loadStores(context: RouteContext): Promise<z.infer<typeof storesSchema>> {
  const rows = await selectStores(context.database);
  return {
    stores: rows.map((row) => ({
      storeId: row.store_id,
      name: row.name,
      city: row.city,
      province: row.province,
      region: row.region,
      patronDay: row.patron_day,
      closures: storeSchema.shape.closures.parse(row.closures),
    })),
  };
}
