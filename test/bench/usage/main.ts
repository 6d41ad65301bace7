/**
 * Charges beside rate-limiter-flexible, both windows beside its union of two: `npm run bench:usage`.
 * Needs `npm run bench:install`. `-- --quick` runs fewer rounds, `-- --only=memory` (or `redis`,
 * `postgres`, `sqlite`, `mariadb`, `manager`, `refusals`, `heap`) one part.
 */
import { benchHeap } from './heap.ts';
import { benchManager } from './manager.ts';
import { benchRedis, benchRefusals } from './redis.ts';
import { benchMariaDb, benchMemory, benchPostgres, benchSqlite } from './speed.ts';

const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice(7);
const rounds = process.argv.includes('--quick') ? 7 : 25;

const parts: Readonly<Record<string, (rounds: number) => Promise<void>>> = {
  memory: benchMemory,
  sqlite: benchSqlite,
  redis: benchRedis,
  refusals: benchRefusals,
  postgres: benchPostgres,
  mariadb: benchMariaDb,
  manager: benchManager,
  heap: benchHeap,
};
for (const [name, bench] of Object.entries(parts)) {
  if (only !== undefined && only !== name) continue;
  try {
    await bench(rounds);
  } catch (error) {
    console.log(`\n${name}: left out, ${error}`);
  }
}
process.exit();
