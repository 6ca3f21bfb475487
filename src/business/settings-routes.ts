import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Connection } from '../database/connection.ts';
import type { RouteContext } from '../http/route-context.ts';
import {
  addAssistant,
  changeOperator,
  listOperators,
  loadHandSettings,
  loadPlanSettings,
  loadRetentionSettings,
  requireBusiness,
} from './actions.ts';
import { selectStores, updateBusiness, updateStore, upsertSetting } from './queries.ts';
import { checkReachability } from './reachability.ts';
import {
  businessSchema,
  callSettingsSchema,
  letterSettingsSchema,
  newOperatorSchema,
  operatorChangeSchema,
  operatorSchema,
  planSettingsSchema,
  reachabilitySchema,
  retentionSettingsSchema,
  storeSchema,
} from './schema.ts';

const storesSchema = z.object({ stores: z.array(storeSchema) });
const operatorsSchema = z.object({ operators: z.array(operatorSchema) });
const ownerOnly = { access: 'owner' } as const;

const lettersOf = async (connection: Connection) => (await loadHandSettings(connection)).letters;
const callsOf = async (connection: Connection) => (await loadHandSettings(connection)).calls;

/** The shop's own data and how the plan behaves. */
export function settingsRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database } = context;
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
    addSetting(server, context, { name: 'plan', schema: planSettingsSchema, load: loadPlanSettings });
    addSetting(server, context, { name: 'letters', schema: letterSettingsSchema, load: lettersOf });
    addSetting(server, context, { name: 'calls', schema: callSettingsSchema, load: callsOf });
    addOperators(server, context);
    addSetting(server, context, {
      name: 'retention',
      schema: retentionSettingsSchema,
      load: loadRetentionSettings,
    });
    server.get(
      '/api/settings/reachability',
      { schema: { response: { 200: reachabilitySchema } } },
      async () => checkReachability(context.publicUrl, (await requireBusiness(database)).language),
    );
    return Promise.resolve();
  };
}

/** Who works in the shop, where, and how many customers they call a day. */
function addOperators(server: Parameters<FastifyPluginAsyncZod>[0], { database, clock }: RouteContext): void {
  const path = '/api/settings/operators';
  const list = async () => ({ operators: await listOperators(database) });
  server.get(path, { schema: { response: { 200: operatorsSchema } } }, list);
  server.post(
    path,
    { config: ownerOnly, schema: { body: newOperatorSchema, response: { 200: operatorsSchema } } },
    async (request) => {
      await addAssistant(database, request.body, clock.now());
      return list();
    },
  );
  server.put(
    `${path}/:operatorId`,
    {
      config: ownerOnly,
      schema: {
        params: z.object({ operatorId: z.coerce.number().int() }),
        body: operatorChangeSchema,
        response: { 200: operatorsSchema },
      },
    },
    async (request) => {
      await changeOperator(database, request.params.operatorId, request.body);
      return list();
    },
  );
}

/** A setting kept as one document: read by every operator, written by the owner. */
function addSetting(
  server: Parameters<FastifyPluginAsyncZod>[0],
  { database, clock }: RouteContext,
  setting: {
    readonly name: string;
    readonly schema: z.ZodObject;
    readonly load: (connection: Connection) => Promise<Record<string, unknown>>;
  },
): void {
  const path = `/api/settings/${setting.name}`;
  server.get(path, { schema: { response: { 200: setting.schema } } }, () => setting.load(database));
  server.put(
    path,
    { config: ownerOnly, schema: { body: setting.schema, response: { 200: setting.schema } } },
    async (request) => {
      const operatorId = request.operator?.operatorId ?? null;
      await upsertSetting(database, setting.name, request.body, operatorId, clock.now());
      return setting.load(database);
    },
  );
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
