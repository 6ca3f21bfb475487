/** `npm run check`: the quick gate, under two minutes. */
import { finish, quickGate } from './run.ts';

finish(await quickGate());
