import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { todayOf } from '../business/actions.ts';
import type { RouteContext } from '../http/route-context.ts';
import type { Day } from '../kernel/day.ts';
import {
  addIdentity,
  createContact,
  loadProfile,
  recordContactConsent,
  searchContacts,
  updateContact,
} from './actions.ts';
import {
  consentInputSchema,
  contactInputSchema,
  contactListQuerySchema,
  contactListSchema,
  identityInputSchema,
  newContactSchema,
  profileSchema,
} from './schema.ts';

const params = z.object({ contactId: z.coerce.number().int() });

/** Clienti: search, profile, what a person says. */
export function contactRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  const today = (): Promise<Day> => todayOf(database, clock.now());
  return (server) => {
    server.get(
      '/api/contacts',
      { schema: { querystring: contactListQuerySchema, response: { 200: contactListSchema } } },
      (request) => searchContacts(database, request.query),
    );
    server.post(
      '/api/contacts',
      { schema: { body: newContactSchema, response: { 201: profileSchema } } },
      async (request, reply) => {
        const contactId = await createContact(database, request.body, clock.now());
        return reply.status(201).send(await loadProfile(database, contactId, await today()));
      },
    );
    server.get(
      '/api/contacts/:contactId',
      { schema: { params, response: { 200: profileSchema } } },
      async (request) => loadProfile(database, request.params.contactId, await today()),
    );
    server.patch(
      '/api/contacts/:contactId',
      { schema: { params, body: contactInputSchema, response: { 200: profileSchema } } },
      async (request) => {
        await updateContact(database, request.params.contactId, request.body, clock.now());
        return loadProfile(database, request.params.contactId, await today());
      },
    );
    server.post(
      '/api/contacts/:contactId/identities',
      { schema: { params, body: identityInputSchema, response: { 200: profileSchema } } },
      async (request) => {
        await addIdentity(database, request.params.contactId, request.body, clock.now());
        return loadProfile(database, request.params.contactId, await today());
      },
    );
    server.post(
      '/api/contacts/:contactId/consents',
      { schema: { params, body: consentInputSchema, response: { 200: profileSchema } } },
      async (request) => {
        const operatorId = request.operator?.operatorId ?? null;
        await recordContactConsent(
          database,
          { ...request.body, contactId: request.params.contactId, operatorId },
          clock.now(),
        );
        return loadProfile(database, request.params.contactId, await today());
      },
    );
    return Promise.resolve();
  };
}
