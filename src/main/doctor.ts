import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { checkReachability } from '../business/reachability.ts';
import { checkEmailServer, loadEmailSettings } from '../channels/email/actions.ts';
import { countStateMismatches } from '../consent/actions.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import { Failure } from '../kernel/failure.ts';
import type { Language } from '../kernel/language.ts';
import { countOrphanClocks } from '../clocks/actions.ts';
import { countOrphanCandidates } from '../planner/actions.ts';
import { countBrokenLines } from '../sales/actions.ts';
import { countUnknown } from '../sending/actions.ts';
import type { Application } from './application.ts';
import { loadTickHealth } from './ticks.ts';

const FREE_MIN_BYTES = 2_000_000_000;

/** One thing looked at: `problem` needs somebody now, `warning` should be known. */
export interface Check {
  readonly id: string;
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly detail: string;
  /** What to do, or empty. */
  readonly advice: string;
}

type Finding = Pick<Check, 'state' | 'detail'> & { readonly advice?: string };

/** Looks at everything that can be out of order, one after another; nothing is changed. */
export async function runDoctor(application: Application, language: Language): Promise<Check[]> {
  const say = (key: string, params: Record<string, string | number> = {}): string =>
    sentence(`doctor.${key}`, language, params);
  const { database } = application;
  const looks: [string, () => Promise<Finding>][] = [
    ['database', () => lookAtDatabase(application, say)],
    ['disk', () => lookAtDisk(application.dataFolder, say, language)],
    ['key', () => Promise.resolve(lookAtKey(application.dataFolder, say))],
    [
      'links',
      async () =>
        counted(
          (await countBrokenLines(database)) +
            (await countOrphanClocks(database)) +
            (await countOrphanCandidates(database)),
          'links',
          'broken',
          say,
        ),
    ],
    ['consents', async () => counted(await countStateMismatches(database), 'consents', 'broken', say)],
    ['messages', async () => counted(await countUnknown(database), 'messages', 'unknown', say)],
    ['mail', () => lookAtMail(application, say, language)],
    ['pages', () => lookAtPages(application, language)],
    ['ticks', () => lookAtTicks(application, say, language)],
  ];
  const checks: Check[] = [];
  for (const [id, look] of looks) checks.push({ id, name: say(id), advice: '', ...(await look()) });
  return checks;
}

type Say = (key: string, params?: Record<string, string | number>) => string;

function counted(count: number, id: string, wrong: string, say: Say): Finding {
  return count === 0
    ? { state: 'ok', detail: say(`${id}_ok`) }
    : { state: 'problem', detail: say(`${id}_${wrong}`, { count }), advice: say(`${id}_advice`) };
}

async function lookAtDatabase({ database }: Application, say: Say): Promise<Finding> {
  const [row] = await database.raw<{ version: string; migration: number; size: string }[]>`
    select current_setting('server_version') as version, (select max(version) from schema_migration) as migration,
      pg_size_pretty(pg_database_size(current_database())) as size`;
  return { state: 'ok', detail: say('database_ok', { ...row }) };
}

async function lookAtDisk(folder: string, say: Say, language: Language): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const bytes = bavail * bsize;
  const free = `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(bytes / 1e9)} GB`;
  return bytes >= FREE_MIN_BYTES
    ? { state: 'ok', detail: say('disk_ok', { free, folder }) }
    : { state: 'problem', detail: say('disk_low', { free, folder }), advice: say('disk_advice') };
}

function lookAtKey(folder: string, say: Say): Finding {
  const path = join(folder, 'secret.key');
  const isOpen = process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
  return isOpen
    ? { state: 'problem', detail: say('key_open'), advice: say('key_advice', { path }) }
    : { state: 'ok', detail: say('key_ok') };
}

async function lookAtMail(application: Application, say: Say, language: Language): Promise<Finding> {
  const { database, secretKey, smtpUrl } = application;
  try {
    const settings = await loadEmailSettings(database, secretKey, { smtpUrl });
    if (settings.smtpUrl === null)
      return { state: 'warning', detail: say('mail_missing'), advice: say('mail_advice') };
    await checkEmailServer(settings);
    return { state: 'ok', detail: say('mail_ok') };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { state: 'problem', detail: sentence(`failure.${error.code}`, language, error.params) };
  }
}

async function lookAtPages({ publicUrl }: Application, language: Language): Promise<Finding> {
  const { isReachable, kind, sentence: detail } = await checkReachability(publicUrl, language);
  return { state: isReachable ? 'ok' : kind === 'none' ? 'warning' : 'problem', detail };
}

async function lookAtTicks({ database, clock }: Application, say: Say, language: Language): Promise<Finding> {
  const { lastFinishedAt, stuck } = await loadTickHealth(database, clock.now());
  const inWords = (moment: Date): string =>
    new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(moment);
  if (stuck)
    return {
      state: 'problem',
      detail: say('ticks_stuck', { name: stuck.name, when: inWords(stuck.startedAt) }),
      advice: say('ticks_advice'),
    };
  return lastFinishedAt
    ? { state: 'ok', detail: say('ticks_ok', { when: inWords(lastFinishedAt) }) }
    : { state: 'warning', detail: say('ticks_none'), advice: say('ticks_advice') };
}
