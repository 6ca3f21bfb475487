/** Starts the embedded server on a folder and writes numbers, printing each once the server has acknowledged it. */
import { openDatabase } from '../../src/database/connection.ts';
import { startEmbeddedServer } from '../../src/database/embedded.ts';

const { folder, first, count } = JSON.parse(process.argv[2] ?? '{}') as {
  folder: string;
  first: number;
  count: number;
};
const server = await startEmbeddedServer(folder);
const database = openDatabase(server.address, { maxConnections: 2 });
await database.raw`create table if not exists written (number bigint primary key)`;
console.log('ready');
for (let number = first; number < first + count; number += 1) {
  await database.raw`insert into written (number) values (${number})`;
  console.log(number);
}
await database.close();
await server.stop();
