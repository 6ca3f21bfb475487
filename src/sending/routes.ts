import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { RouteContext } from '../http/route-context.ts';
import { renderStoredMessage } from '../rendering/actions.ts';
import {
  approveMessages,
  editMessage,
  refuseMessages,
  resolveSelection,
  stopMessages,
  undoRefusal,
} from './actions.ts';
import {
  decisionSchema,
  editSchema,
  messageParamsSchema,
  previewSchema,
  refusalSchema,
  selectionSchema,
} from './schema.ts';

/** What a person decides about messages. */
export function messageRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database, clock } = context;
  return (server) => {
    server.post(
      '/api/messages/approve',
      { schema: { body: selectionSchema, response: { 200: decisionSchema } } },
      async (request) => {
        const messages = await resolveSelection(database, request.body);
        const operatorId = request.operator?.operatorId ?? null;
        return { changed: await approveMessages(database, messages, operatorId, clock.now()) };
      },
    );
    server.post(
      '/api/messages/stop',
      { schema: { body: selectionSchema, response: { 200: decisionSchema } } },
      async (request) => {
        const messages = await resolveSelection(database, request.body);
        return { changed: await stopMessages(database, messages, clock.now()) };
      },
    );
    server.post(
      '/api/messages/refuse',
      { schema: { body: refusalSchema, response: { 200: decisionSchema } } },
      async (request) => {
        const options = {
          reason: `refused.${request.body.reason || 'other'}`,
          operatorId: request.operator?.operatorId ?? null,
          now: clock.now(),
        };
        return {
          changed: await database.transaction((transaction) =>
            refuseMessages(transaction, [request.body], options),
          ),
        };
      },
    );
    server.post(
      '/api/messages/:contactId/:messageId/undo-refusal',
      { schema: { params: messageParamsSchema, response: { 200: decisionSchema } } },
      async (request) => ({
        changed: await undoRefusal(database, request.params, clock.now()),
      }),
    );
    registerWords(server, context);
    return Promise.resolve();
  };
}

/** The message as it will arrive, and changes to its words. */
function registerWords(
  server: Parameters<FastifyPluginAsyncZod>[0],
  { database, clock, publicUrl }: RouteContext,
): void {
  server.patch(
    '/api/messages/:contactId/:messageId',
    { schema: { params: messageParamsSchema, body: editSchema, response: { 200: previewSchema } } },
    async (request) => {
      await editMessage(database, request.params, request.body);
      return renderStoredMessage(database, request.params, { publicUrl, now: clock.now() });
    },
  );
  server.get(
    '/api/messages/:contactId/:messageId/preview',
    { schema: { params: messageParamsSchema, response: { 200: previewSchema } } },
    (request) => renderStoredMessage(database, request.params, { publicUrl, now: clock.now() }),
  );
}
