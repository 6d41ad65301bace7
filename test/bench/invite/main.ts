/**
 * Invitations beside better-auth's organization plugin and beside bare INSERTs, on a SQLite file and
 * on PostgreSQL: `npm run bench:invite`. Needs `npm run bench:install`. `-- --quick` runs fewer
 * rounds, `-- --only=sqlite` (or `postgres`) one engine.
 */
import { benchAccept } from './accept.ts';
import { type Engine, postgresEngine, sqliteEngine } from './engines.ts';
import { benchInvite } from './invite.ts';
import { benchList } from './list.ts';
import { countStatements } from './statements.ts';
import { openSubjects } from './subjects.ts';

const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice(7);
const rounds = process.argv.includes('--quick') ? 7 : 25;

async function bench(engine: Engine | undefined): Promise<void> {
  if (!engine) return console.log('\nPostgreSQL does not answer: left out');
  try {
    const subjects = await openSubjects(engine);
    await countStatements(engine);
    await benchInvite(subjects, rounds);
    await benchAccept(subjects, rounds);
    await benchList(subjects, rounds);
  } finally {
    await engine.close();
  }
}

if (only !== 'postgres') await bench(await sqliteEngine());
if (only !== 'sqlite') await bench(await postgresEngine());
process.exit();
