import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { LogController } from 'fastify';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Failure } from '../kernel/failure.ts';
import { registerAuthentication } from './authentication.ts';
import { answerFailure, refuseUnknown } from './failures.ts';
import { registerMetrics } from './metrics.ts';
import type { RouteContext } from './route-context.ts';
import { registerWebClient } from './web-client.ts';

const UPLOAD_MAX_BYTES = 2_000_000_000;

export interface ServerOptions {
  readonly version: string;
  /** Folder of the built web client, or null where only the API is wanted. */
  readonly webFolder: string | null;
  /** Host names besides loopback by which the management interface may be called. */
  readonly hostNames: readonly string[];
}

const healthSchema = z.object({
  status: z.literal('ok'),
  version: z.string(),
  database: z.string(),
  migrations: z.number().int(),
});

/** The management listener: the API, the web client, health, the API's description and metrics. */
export async function buildManagementServer(
  context: RouteContext,
  features: readonly FastifyPluginAsyncZod[],
  options: ServerOptions,
): Promise<FastifyInstance> {
  const server = Fastify({ ...quietLog(context), bodyLimit: 5_000_000 });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler(answerFailure);
  server.addHook('onRequest', (request, _reply, done) => {
    done(hostFailure(request.hostname, options.hostNames));
  });
  addSecurityHeaders(server);
  await server.register(cookie);
  await server.register(multipart, { limits: { fileSize: UPLOAD_MAX_BYTES, files: 1 } });
  await server.register(rateLimit, { global: false });
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Bentornato', version: options.version, description: 'Everything the web client does.' },
    },
    transform: jsonSchemaTransform,
  });
  registerAuthentication(server, context);
  registerMetrics(server, context);
  registerHealth(server, context, options.version);
  for (const feature of features) await server.register(feature);
  server.get('/api/openapi.json', { config: { access: 'anyone' }, schema: { hide: true } }, () =>
    server.swagger(),
  );
  if (options.webFolder) await registerWebClient(server, options.webFolder);
  else server.setNotFoundHandler(refuseUnknown);
  return server;
}

/** The public listener: only the customers' pages and webhooks; it knows no session and no management route. */
export async function buildPublicServer(
  context: RouteContext,
  pages: FastifyPluginAsync,
): Promise<FastifyInstance> {
  const server = Fastify({
    ...quietLog(context),
    bodyLimit: 100_000,
    // A proxy or tunnel on this computer names the visitor; from elsewhere anybody could name another one.
    trustProxy: 'loopback',
  });
  server.setErrorHandler(answerFailure);
  addSecurityHeaders(server);
  await server.register(rateLimit, { max: 120, timeWindow: '1 minute' });
  server.get('/healthz', () => ({ status: 'ok' }));
  await server.register(pages);
  return server;
}

/** No line per request: addresses of pages hold tokens and search words. Failures are logged where they are answered. */
const quietLog = ({ log }: RouteContext) => ({
  loggerInstance: log,
  logController: new LogController({ disableRequestLogging: true }),
});

function registerHealth(server: FastifyInstance, context: RouteContext, version: string): void {
  server.get(
    '/api/health',
    { config: { access: 'anyone' }, schema: { response: { 200: healthSchema } } },
    async () => {
      const [row] = await context.database.raw<{ database: string; migrations: number }[]>`
      select current_setting('server_version') as database, (select max(version) from schema_migration) as migrations`;
      return {
        status: 'ok' as const,
        version,
        database: row?.database ?? '',
        migrations: row?.migrations ?? 0,
      };
    },
  );
}

/** A page of another site must not reach us by pointing its own name at this computer (DNS rebinding). */
function hostFailure(hostname: string, hostNames: readonly string[]): Failure | undefined {
  const isLoopback = ['localhost', '127.0.0.1', '[::1]', '::1'].includes(hostname);
  return isLoopback || hostNames.includes('*') || hostNames.includes(hostname)
    ? undefined
    : new Failure('wrong_host', { status: 421, params: { host: 'http://localhost' } });
}

function addSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
    void reply.headers({
      'content-security-policy':
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    done(null, payload);
  });
}
