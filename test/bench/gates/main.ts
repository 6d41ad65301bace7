/**
 * The gates of correctness beside peers that miss them: `npm run bench:gates`. Needs
 * `npm run bench:install`. What is ours is also tested: `test/rate-limit/gates.test.ts`, `test/races`,
 * `test/statements.test.ts`.
 */
import { postgresEngine, sqliteEngine } from '../invite/engines.ts';
import { counterGates } from './counters.ts';
import { gateC2, gateC3, gateC6 } from './invitations.ts';
import type { Row } from './row.ts';

// The peers warn of their own timers, once for each call.
process.removeAllListeners('warning');
process.on('warning', () => undefined);
console.error = () => undefined;

const rows: Row[] = [];
for (const gate of counterGates) rows.push(...(await gate()));
const sqlite = await sqliteEngine();
const postgres = await postgresEngine();
rows.push(...(await gateC2(sqlite)));
if (postgres) rows.push(...(await gateC3(postgres)), ...(await gateC6(postgres)));
rows.push(...(await gateC6(sqlite)));
await sqlite.close();
await postgres?.close();

const line = (cells: readonly string[]) =>
  cells.map((cell, index) => cell.padEnd([48, 10, 10, 0][index] ?? 0)).join(' ');
console.log(line(['gate', 'must be', 'ours', 'peer']));
for (const row of rows) console.log(line(row));
if (!postgres) console.log('!!! PostgreSQL does not answer: C3 was not tried !!!');
const failed = rows.filter(([, mustBe, ours]) => mustBe !== ours);
process.exit(failed.length);
