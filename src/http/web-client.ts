import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { refuseUnknown } from './failures.ts';

const YEAR_MS = 365 * 86_400_000;
const open = { config: { access: 'anyone' as const }, schema: { hide: true } };

/** Serves the built web client; any address that is not the API's or a file's is the client's own route. */
export async function registerWebClient(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, { root: folder, serve: false });
  const page = { maxAge: 0, immutable: false };
  server.get('/', open, (_request, reply) => reply.sendFile('index.html', page));
  server.get('/icon.svg', open, (_request, reply) => reply.sendFile('icon.svg'));
  server.get<{ Params: { '*': string } }>('/assets/*', open, (request, reply) =>
    reply.sendFile(`assets/${request.params['*']}`, { maxAge: YEAR_MS, immutable: true }),
  );
  server.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (!wantsPage || request.url.startsWith('/api/')) refuseUnknown();
    return reply.sendFile('index.html', page);
  });
}
