import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findSessionOperator } from '../business/actions.ts';
import { Failure } from '../kernel/failure.ts';
import type { RouteContext } from './route-context.ts';

export interface SignedInOperator {
  readonly operatorId: number;
  readonly name: string;
  readonly role: 'owner' | 'manager' | 'assistant';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who signed in, or null on routes that anyone may call. */
    operator: SignedInOperator | null;
  }
  interface FastifyContextConfig {
    /** Who may call the route; an operator when nothing is said. */
    access?: 'anyone' | 'operator' | 'owner';
  }
}

const COOKIE = 'bentornato_session';
const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Every route needs an operator unless it says otherwise; every change needs the page's own token (CSRF). */
export function registerAuthentication(server: FastifyInstance, context: RouteContext): void {
  server.decorateRequest('operator', null);
  server.addHook('onRequest', async (request) => {
    if (request.is404) return;
    request.operator = await operatorOf(request, context);
    const access = request.routeOptions.config.access ?? 'operator';
    if (CHANGING.has(request.method)) refuseForeignPage(request);
    if (access === 'anyone') return;
    if (!request.operator) throw new Failure('signed_out', { status: 401 });
    if (access === 'owner' && request.operator.role !== 'owner')
      throw new Failure('forbidden', { status: 403 });
    if (CHANGING.has(request.method)) requireCsrfToken(request, context);
  });
}

async function operatorOf(request: FastifyRequest, context: RouteContext): Promise<SignedInOperator | null> {
  const token = request.cookies[COOKIE];
  if (!token) return null;
  return findSessionOperator(context.database, token, context.clock.now());
}

/** A browser says where a change comes from: only our own pages may send one. */
function refuseForeignPage(request: FastifyRequest): void {
  const { origin } = request.headers;
  if (origin !== undefined && hostOf(origin) !== request.headers.host)
    throw new Failure('csrf', { status: 403 });
  if (request.headers['sec-fetch-site'] === 'cross-site') throw new Failure('csrf', { status: 403 });
}

/** Host of an origin; a page without one of its own (a sandboxed frame, a file) says "null". */
const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);

/** The token that a page must send with a change: derived from its session, useless to any other. */
export function csrfTokenOf(request: FastifyRequest, context: RouteContext): string {
  const token = request.cookies[COOKIE];
  return token ? csrfToken(token, context) : '';
}

/** The CSRF token of a session that was opened just now. */
export function csrfToken(sessionToken: string, context: RouteContext): string {
  return createHmac('sha256', context.secretKey).update(`csrf:${sessionToken}`).digest('base64url');
}

function requireCsrfToken(request: FastifyRequest, context: RouteContext): void {
  const given = Buffer.from(String(request.headers['x-csrf-token'] ?? ''));
  const expected = Buffer.from(csrfTokenOf(request, context));
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new Failure('csrf', { status: 403 });
}

/** Hands the session to the browser: not readable by scripts, never sent from another site. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  void reply.setCookie(COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure(request),
    maxAge: 30 * 86_400,
  });
}

/** Whether the browser came by https, ours or a proxy's. Believing a proxy's word here can only make the cookie stricter. */
const isSecure = (request: FastifyRequest): boolean =>
  request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';

export function clearSessionCookie(reply: FastifyReply): void {
  void reply.clearCookie(COOKIE, { path: '/' });
}

/** The session token of a request, to end that session. */
export function sessionTokenOf(request: FastifyRequest): string | undefined {
  return request.cookies[COOKIE];
}
