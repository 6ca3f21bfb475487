import { existsSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../kernel/failure.ts';
import { buildManagementServer, buildPublicServer } from '../http/server.ts';
import { publicPages } from '../http/public/pages.ts';
import type { Application } from './application.ts';
import { featureRoutes } from './features.ts';
import { VERSION } from './version.ts';
import { ensureWebClient } from './web-build.ts';
import { startWorker } from './worker.ts';

export interface Running {
  readonly managementUrl: string;
  readonly publicUrl: string;
  stop(): Promise<void>;
}

/** Starts both listeners and the worker. Failure `port_in_use` names the port and another to try. */
export async function serve(application: Application): Promise<Running> {
  const { environment } = application;
  const webFolder = await ensureWebClient(application.log);
  const management = await buildManagementServer(application, featureRoutes(application), {
    version: VERSION,
    webFolder: existsSync(webFolder) ? webFolder : null,
    hostNames: environment.hostNames,
  });
  const pages = await buildPublicServer(application, publicPages(application));
  const managementPort = await listen(management, environment.port, environment.host);
  const publicPort = await listen(pages, environment.publicPort, environment.publicHost);
  const worker = startWorker(application);
  return {
    managementUrl: `http://localhost:${managementPort}`,
    publicUrl: `http://localhost:${publicPort}`,
    stop: async () => {
      await worker.stop();
      await Promise.all([management.close(), pages.close()]);
    },
  };
}

async function listen(server: FastifyInstance, port: number, host: string): Promise<number> {
  try {
    await server.listen({ port, host });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EADDRINUSE')
      throw new Failure('port_in_use', { status: 500, params: { port, other: port + 100 }, cause: error });
    throw error;
  }
  const address = server.server.address();
  return typeof address === 'object' && address ? address.port : port;
}
