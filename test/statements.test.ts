import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { kyselyStorage } from 'org-user-manager/kysely';
import { expect, test } from 'vitest';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

async function countingTeam() {
  const statements: string[] = [];
  const db = new Kysely<object>({
    dialect: new SqliteDialect({ database: new Database(':memory:') }),
    log: ({ query }) => {
      statements.push(query.sql);
    },
  });
  // Delivery reads the outbox in the background; its statements are not the calls'.
  const outbox = {
    claim: async () => [],
    settle: async () => undefined,
    nextDueAt: async () => undefined,
  };
  const team = await createTeam({ ...kyselyStorage(db), outbox, close: () => db.destroy() });
  /** How many statements a call takes, begin and commit not counted. */
  async function statementsOf(call: () => Promise<unknown>): Promise<number> {
    statements.length = 0;
    await call();
    return statements.filter((sql) => sql !== 'begin' && sql !== 'commit').length;
  }
  return { ...team, statementsOf };
}

test('each call takes a few statements, outbox and audit log included', async () => {
  const { manager, statementsOf, join } = await countingTeam();
  await join('u_1');
  await join('u_2', 'admin');
  let link = '';
  const invite = async () => {
    const result = await manager.invite({ orgId, actor: admin, email: 'u_3@acme.example.com' });
    link = 'invitation' in result ? (result.invitation.link ?? '') : '';
  };
  const list = { orgId, actor: admin };
  const accept = () => manager.accept({ token: tokenIn(link), account: account('u_3') });
  expect({
    invite: await statementsOf(invite),
    accept: await statementsOf(accept),
    listInvitations: await statementsOf(() => manager.listInvitations(list)),
    listMembers: await statementsOf(() => manager.listMembers(list)),
    setLimit: await statementsOf(() => manager.setLimit({ ...list, userId: 'u_1', daily: 1 })),
    disable: await statementsOf(() => manager.disable({ ...list, userId: 'u_2' })),
    consume: await statementsOf(() => manager.consume({ orgId, userId: 'u_1' })),
  }).toEqual({
    invite: 5,
    accept: 6,
    listInvitations: 2,
    // The third one reads what the members used.
    listMembers: 3,
    setLimit: 4,
    disable: 6,
    consume: 2,
  });
});
