import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../kernel/failure.ts';

/** Serves the built web client; any address that is not the API's or a file's is the client's own route. */
export async function registerWebClient(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'anyone' };
      route.schema = { ...route.schema, hide: true };
    });
    await scope.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      immutable: true,
      maxAge: '30d',
      index: false,
    });
    scope.get('/', (_request, reply) => reply.sendFile('index.html', { maxAge: 0, immutable: false }));
  });
  server.setNotFoundHandler({ preHandler: [] }, (request, reply) => {
    const isPage =
      request.method === 'GET' &&
      !request.url.startsWith('/api/') &&
      String(request.headers.accept ?? '').includes('text/html');
    if (!isPage) throw new Failure('not_found', { status: 404 });
    return reply.sendFile('index.html', { maxAge: 0, immutable: false });
  });
}
