import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { RouteContext } from '../http/route-context.ts';
import {
  clearSessionCookie,
  csrfToken,
  csrfTokenOf,
  sessionTokenOf,
  setSessionCookie,
} from '../http/authentication.ts';
import type { SignedInOperator } from '../http/authentication.ts';
import { dayOfInstant, isoFromDay } from '../kernel/day.ts';
import { tokenHash } from '../kernel/secret.ts';
import { enterDemonstration, loadBusiness, loadHandSettings, signIn } from './actions.ts';
import { deleteSession, hasOwner, selectSessionOperator } from './queries.ts';
import type { Session } from './schema.ts';
import { sessionSchema, signInSchema } from './schema.ts';

const attempts = { rateLimit: { max: 10, timeWindow: '5 minutes' } };

/** Signing in and out, and what the web client asks first of all. */
export function sessionRoutes(context: RouteContext): FastifyPluginAsyncZod {
  return (server) => {
    server.get(
      '/api/session',
      { config: { access: 'anyone' }, schema: { response: { 200: sessionSchema } } },
      (request) => describeSession(context, request.operator, csrfTokenOf(request, context)),
    );
    server.post(
      '/api/session',
      {
        config: { access: 'anyone', ...attempts },
        schema: { body: signInSchema, response: { 200: sessionSchema } },
      },
      async (request, reply) => {
        const token = await signIn(
          context.database,
          request.body.email,
          request.body.password,
          context.clock.now(),
        );
        setSessionCookie(request, reply, token);
        return describeNewSession(context, token);
      },
    );
    server.post(
      '/api/session/demonstration',
      { config: { access: 'anyone' }, schema: { response: { 200: sessionSchema } } },
      async (request, reply) => {
        const token = await enterDemonstration(context.database, context.clock.now());
        setSessionCookie(request, reply, token);
        return describeNewSession(context, token);
      },
    );
    server.delete('/api/session', { schema: { response: { 204: z.null() } } }, async (request, reply) => {
      const token = sessionTokenOf(request);
      if (token) await deleteSession(context.database, tokenHash(token));
      clearSessionCookie(reply);
      return reply.status(204).send(null);
    });
    return Promise.resolve();
  };
}

/** The session just opened, as the next request would see it. */
export async function describeNewSession(context: RouteContext, token: string): Promise<Session> {
  const row = await selectSessionOperator(context.database, tokenHash(token), context.clock.now());
  const operator = row
    ? { operatorId: row.operator_id, name: row.name, role: row.role as SignedInOperator['role'] }
    : null;
  return describeSession(context, operator, csrfToken(token, context));
}

async function describeSession(
  context: RouteContext,
  operator: SignedInOperator | null,
  csrf: string,
): Promise<Session> {
  const business = await loadBusiness(context.database);
  const isOwned = await hasOwner(context.database);
  const hand = await loadHandSettings(context.database);
  const isDemonstration = business?.isDemonstration ?? false;
  return {
    state: operator ? 'signed_in' : isOwned ? 'signed_out' : 'set_up',
    isDemonstration,
    isByHandOn: operator !== null && (hand.letters.isOn || hand.calls.isOn),
    mayEnterDemonstration: isDemonstration && isOwned,
    today: isoFromDay(dayOfInstant(context.clock.now(), business?.timeZone ?? 'Europe/Rome')),
    csrfToken: operator ? csrf : '',
    operator,
    business: operator ? business : null,
  };
}
