/** Sends what is due on a database that is there, until nothing is left or somebody kills it. */
import type { DatabaseAddress } from '../../src/database/connection.ts';
import { openDatabase } from '../../src/database/connection.ts';
import { ManualClock } from '../../src/kernel/clock.ts';
import { sendDue } from '../../src/sending/actions.ts';

const { address, smtpUrl, now } = JSON.parse(process.argv[2] ?? '{}') as {
  address: DatabaseAddress;
  smtpUrl: string;
  now: string;
};
const database = openDatabase(address, { maxConnections: 6 });
const clock = new ManualClock(new Date(now));
const dependencies = { database, smtpUrl, clock, secretKey: Buffer.alloc(32, 1), publicUrl: null };
for (;;) {
  const summary = await sendDue(dependencies, clock.now(), { limit: 50 });
  console.log(JSON.stringify(summary));
  if (Object.values(summary).every((count) => count === 0)) break;
}
await database.close();
