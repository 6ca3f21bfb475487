import { withApplication } from '../application.ts';
import type { CommonOptions } from '../command-line.ts';
import { runDoctor } from '../doctor.ts';
import { commandLanguage, exitCodes, printResult } from '../output.ts';

const marks = { ok: '✓', warning: '!', problem: '✗' } as const;

/** `bentornato doctor`: looks whether everything is in order; exit code 4 when something is not. */
export function doctorCommand(options: CommonOptions): Promise<number> {
  return withApplication(options, async (application) => {
    const checks = await runDoctor(application, commandLanguage(process.env));
    printResult({ checks }, options.json === true, () =>
      checks
        .map(({ state, name, detail, advice }) =>
          [`${marks[state]} ${name}: ${detail}`, ...(advice === '' ? [] : [`    ${advice}`])].join('\n'),
        )
        .join('\n'),
    );
    return checks.some(({ state }) => state === 'problem') ? exitCodes.needsAttention : exitCodes.done;
  });
}
