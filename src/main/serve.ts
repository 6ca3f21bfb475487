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

/**
 * Starts both listeners and the worker. Failures: `already_running`, `port_in_use` (names the port and another to try),
 * `port_forbidden`, `address_unusable`. A failed start leaves nothing listening.
 */
export async function serve(application: Application): Promise<Running> {
  const { environment } = application;
  const webFolder = await ensureWebClient(application.log);
  const management = await buildManagementServer(application, featureRoutes(application), {
    version: VERSION,
    webFolder: existsSync(webFolder) ? webFolder : null,
    hostNames: environment.hostNames,
  });
  const pages = await buildPublicServer(application, publicPages(application));
  let managementPort: number;
  let publicPort: number;
  try {
    managementPort = await listen(management, { port: environment.port, host: environment.host }, 'PORT');
    const publicAddress = { port: environment.publicPort, host: environment.publicHost };
    publicPort = await listen(pages, publicAddress, 'BENTORNATO_PUBLIC_PORT');
  } catch (error) {
    await Promise.all([management.close(), pages.close()]);
    throw error;
  }
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

interface Address {
  readonly port: number;
  readonly host: string;
}

async function listen(server: FastifyInstance, address: Address, variable: string): Promise<number> {
  try {
    await server.listen(address);
  } catch (error) {
    throw await listenFailure(error, address, variable);
  }
  const bound = server.server.address();
  return typeof bound === 'object' && bound ? bound.port : address.port;
}

/** Why an address cannot be listened on, and what to do: somebody who starts the program twice only wants to open it. */
async function listenFailure(cause: unknown, { port, host }: Address, variable: string): Promise<unknown> {
  const { code } = cause as { code?: string };
  const because = (name: string, params: Record<string, string | number>): Failure =>
    new Failure(name, { status: 500, params, cause });
  if (code === 'EADDRINUSE') {
    const url = `http://localhost:${port}`;
    if (variable === 'PORT' && (await isBentornato(port))) return because('already_running', { url });
    return because('port_in_use', { port, variable, other: port + 100 });
  }
  if (code === 'EACCES') return because('port_forbidden', { port, variable, other: port + 3000 });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return because('address_unusable', { host });
  return cause;
}

async function isBentornato(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`, { signal: AbortSignal.timeout(2_000) });
    const health = (await answer.json()) as { status?: unknown; migrations?: unknown };
    return health.status === 'ok' && typeof health.migrations === 'number';
  } catch {
    return false;
  }
}
