/** What needs no answer from outside is done in one turn of the event loop, with nothing left running. */
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Storage } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { memoryStorage } from 'org-user-manager/memory';
import { fakeClock } from 'org-user-manager/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const call = { orgId, actor: admin };
const addresses = Array.from({ length: 300 }, (_, index) => `p${index}@acme.example.com`);

test('no transaction is open on a SQLite handle of the host while its own code runs', async () => {
  const database = new Database(':memory:');
  const db = new Kysely<object>({ dialect: new SqliteDialect({ database }) });
  onTestFinished(() => db.destroy());
  const { manager } = await createTeam(kyselyStorage(db));
  const seen: boolean[] = [];
  let isOver = false;
  const look = () => {
    seen.push(database.inTransaction);
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await manager.invite({ ...call, email: 'pat@acme.example.com' });
  await manager.inviteMany({ ...call, addresses });
  isOver = true;
  look();
  expect(seen).not.toContain(true);
});

test('timers that stand still do not hold up invitations', async () => {
  const { manager } = await createTeam(memoryStorage());
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const results = await manager.inviteMany({ ...call, addresses });
  expect(results.map(({ outcome }) => outcome)).toEqual(addresses.map(() => 'invited'));
});

test('a call that fails once its mails are written is undone', async () => {
  const clock = fakeClock();
  const steps: string[] = [];
  const storage = memoryStorage();
  const slow: Storage = {
    ...storage,
    transaction: (id, work) =>
      storage.transaction(id, (tx) =>
        work({
          ...tx,
          async insertMails(mails) {
            steps.push('writes');
            await new Promise((resolve) => setImmediate(resolve));
            await tx.insertMails(mails);
            steps.push('written');
          },
        }),
      ),
  };
  const now = () => {
    if (steps.at(-1) === 'written') throw new Error('no time');
    return clock.now();
  };
  const { manager } = await createTeam(slow, { clock: { ...clock, now } });
  const failed = manager.inviteMany({ ...call, addresses }).catch(() => steps.push('failed'));
  await failed;
  expect(steps).toEqual(['writes', 'written', 'failed']);
  expect(await manager.listInvitations(call)).toMatchObject({ total: { count: 0 } });
});
