import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../src/main/doctor.ts';
import { runDoctor } from '../../src/main/doctor.ts';
import type { TestApplication } from './application.ts';

/** What `bentornato doctor` says about the mail, in Italian. */
export async function doctorOnMail(shop: TestApplication): Promise<Check | undefined> {
  writeFileSync(join(shop.dataFolder, 'secret.key'), shop.secretKey.toString('hex'), { mode: 0o600 });
  return (await runDoctor(shop, 'it')).find(({ id }) => id === 'mail');
}
