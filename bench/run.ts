/** `npm run -s bench -- NAME [options]` runs the benchmark of that name. */
import { readdirSync } from 'node:fs';

const [name = ''] = process.argv.splice(2, 1);
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length));
if (names.includes(name)) await import(`./${name}.ts`);
else {
  console.error(`There is no benchmark “${name}”. There are: ${names.join(', ')}.`);
  process.exitCode = 2;
}
