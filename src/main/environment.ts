import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** What the environment says. Everything has a default; the interface can change the rest. */
export interface Environment {
  readonly port: number;
  /** Address of the management listener; loopback until the owner opens it. */
  readonly host: string;
  readonly publicPort: number;
  readonly publicHost: string;
  readonly dataFolder: string;
  readonly databaseUrl: string | null;
  readonly smtpUrl: string | null;
  readonly publicUrl: string | null;
  /** Other names by which the management interface may be called, for example "bentornato.local". */
  readonly hostNames: readonly string[];
  readonly logLevel: string;
}

/** Reads PORT, BENTORNATO_HOST, BENTORNATO_PUBLIC_PORT, BENTORNATO_PUBLIC_HOST, BENTORNATO_DATA, DATABASE_URL, BENTORNATO_SMTP_URL, BENTORNATO_PUBLIC_URL, BENTORNATO_HOST_NAMES and BENTORNATO_LOG. */
export function readEnvironment(variables: NodeJS.ProcessEnv, options: { data?: string } = {}): Environment {
  const port = portFrom(variables.PORT, 3000);
  const host = variables.BENTORNATO_HOST ?? '127.0.0.1';
  return {
    port,
    host,
    publicPort: portFrom(variables.BENTORNATO_PUBLIC_PORT, port === 0 ? 0 : port + 1),
    publicHost: variables.BENTORNATO_PUBLIC_HOST ?? '127.0.0.1',
    dataFolder: resolve(options.data ?? variables.BENTORNATO_DATA ?? defaultDataFolder(variables)),
    databaseUrl: nonEmpty(variables.DATABASE_URL),
    smtpUrl: nonEmpty(variables.BENTORNATO_SMTP_URL),
    publicUrl: nonEmpty(variables.BENTORNATO_PUBLIC_URL)?.replace(/\/+$/, '') ?? null,
    hostNames: host === '127.0.0.1' ? splitNames(variables.BENTORNATO_HOST_NAMES) : ['*'],
    logLevel: variables.BENTORNATO_LOG ?? 'info',
  };
}

function portFrom(text: string | undefined, fallback: number): number {
  const port = Number(text ?? fallback);
  return Number.isInteger(port) && port >= 0 && port < 65_536 ? port : fallback;
}

const nonEmpty = (text: string | undefined): string | null =>
  text === undefined || text.trim() === '' ? null : text.trim();

const splitNames = (text: string | undefined): string[] =>
  (text ?? '').split(/[\s,]+/).filter((name) => name !== '');

/** The platform's data folder; as root a folder that the database's unprivileged account can reach. */
function defaultDataFolder(variables: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32')
    return join(variables.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Bentornato');
  if (process.getuid?.() === 0) return '/var/lib/bentornato';
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Bentornato');
  return join(variables.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'bentornato');
}
