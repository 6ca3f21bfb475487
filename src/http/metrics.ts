import type { FastifyInstance } from 'fastify';
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { RouteContext } from './route-context.ts';

/** GET /metrics for Prometheus: requests, process, queue and messages by status; counts only, no personal data. */
export function registerMetrics(server: FastifyInstance, context: RouteContext): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'bentornato_' });
  const requests = new Histogram({
    name: 'bentornato_http_request_seconds',
    help: 'Duration of HTTP requests in seconds',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  new Gauge({
    name: 'bentornato_send_queue_messages',
    help: 'Approved messages waiting to be sent',
    registers: [registry],
    async collect() {
      const [row] = await context.database.raw<
        { waiting: number }[]
      >`select count(*) as waiting from send_queue`;
      this.set(row?.waiting ?? 0);
    },
  });
  new Gauge({
    name: 'bentornato_messages_open',
    help: 'Messages not yet settled, by status',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      this.reset();
      const rows = await context.database.raw<{ status: string; messages: number }[]>`
        select status, count(*) as messages from message where status in ('planned', 'approved', 'sending', 'handed') group by status`;
      for (const row of rows) this.set({ status: row.status }, row.messages);
    },
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    requests.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
    done();
  });
  server.get('/metrics', { config: { access: 'anyone' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
