import { checkEmailServer, loadEmailSettings } from '../../channels/email/actions.ts';
import { sentence } from '../../kernel/catalogue/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { SendSummary } from '../../sending/actions.ts';
import { countWaiting, expireMessages } from '../../sending/actions.ts';
import type { Application } from '../application.ts';
import { withApplication } from '../application.ts';
import type { CommonOptions } from '../command-line.ts';
import { commandLanguage, exitCodes, printResult } from '../output.ts';
import { releaseMessages } from '../release.ts';

/**
 * `bentornato send`: expires what is stale, then sends what is approved and due. Messages that wait because of the mail
 * server are not lost; what is wrong with the server is said.
 */
export function sendCommand(options: CommonOptions): Promise<number> {
  return withApplication(options, async (application) => {
    const language = commandLanguage(process.env);
    await expireMessages(application.database, application.clock.now());
    const summary = await releaseMessages(application);
    const failure = await mailFailure(application, summary);
    const problem = failure && {
      code: failure.code,
      message: sentence(`failure.${failure.code}`, language, failure.params),
    };
    printResult({ ...summary, ...(problem ? { problem } : {}) }, options.json === true, () =>
      [sentence('command.sent', language, { ...summary }), ...(problem ? [problem.message] : [])].join('\n'),
    );
    return problem || summary.unknown + summary.failed > 0 ? exitCodes.needsAttention : exitCodes.done;
  });
}

/** Why messages still wait, where the mail server is the reason. */
async function mailFailure(application: Application, { retried }: SendSummary): Promise<Failure | null> {
  const { database, secretKey, smtpUrl, clock } = application;
  const settings = await loadEmailSettings(database, secretKey, { smtpUrl });
  if (settings.smtpUrl === null)
    return (await countWaiting(database, clock.now())) > 0 ? new Failure('mail_server_missing') : null;
  if (retried === 0) return null;
  try {
    await checkEmailServer(settings);
    return null;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
