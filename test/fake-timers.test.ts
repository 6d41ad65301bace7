/** Timers that an application's tests have replaced, and never move, hold up no call. */
import Database from 'better-sqlite3';
import type { OrgUserManager, Storage } from 'org-user-manager';
import { inboxMailer } from 'org-user-manager/inbox-mailer';
import { memoryStorage } from 'org-user-manager/memory';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { fakeClock } from 'org-user-manager/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { secret } from './fixtures/manager.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { describeEach } from './fixtures/servers.ts';
import { sqliteFile } from './fixtures/sqlite-file.ts';
import { allStorages } from './fixtures/storages.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

/** Replaces the timers, those of `node:timers` and `node:timers/promises` included. */
function replaceTimers(): void {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance'],
  });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** Calls of every kind, many of them at once; answers how many charges were allowed. */
async function makeCalls(manager: OrgUserManager): Promise<number> {
  const call = { orgId, actor: admin };
  const invited = await manager.invite({ ...call, email: account('u_1').email });
  if (invited.outcome !== 'invited') throw new Error(invited.outcome);
  const token = tokenIn(invited.invitation.link ?? '');
  await manager.accept({ token, account: account('u_1') });
  const addresses = ['a@acme.example.com', 'b@acme.example.com'];
  await manager.inviteMany({ ...call, addresses });
  await manager.deliverMail();
  await manager.setLimit({ ...call, userId: 'u_1', daily: 40 });
  const decisions: boolean[] = [];
  async function consume(): Promise<void> {
    // Each caller asks again once it is answered.
    for (let time = 0; time < 3; time += 1) {
      decisions.push((await manager.consume({ orgId, userId: 'u_1' })).allowed);
    }
  }
  await Promise.all(Array.from({ length: 20 }, consume));
  await manager.reserve({ orgId, userId: admin.userId, estimate: 2 });
  await manager.listMembers(call);
  await manager.disable({ ...call, userId: 'u_1' });
  return decisions.filter((allowed) => allowed).length;
}

describeEach(allStorages())('on $name', ({ create }) => {
  test('calls go on with timers that stand still since before the manager was made', async () => {
    const storage = create();
    await storage.migrate();
    replaceTimers();
    const { manager } = await createTeam(storage);
    expect(await makeCalls(manager)).toBe(40);
  });

  test('calls go on with timers that stand still since later', async () => {
    const { manager } = await createTeam(create());
    replaceTimers();
    expect(await makeCalls(manager)).toBe(40);
  });
});

test.each(['memory', 'better-sqlite3', 'node:sqlite'] as const)(
  'calls go on with timers that stand still since before the import, on %s',
  async (name) => {
    replaceTimers();
    vi.resetModules();
    const { OrgUserManager: Manager } = await import('org-user-manager');
    const sqlite = await import('org-user-manager/sqlite');
    const memory = await import('org-user-manager/memory');
    const manager = new Manager({
      storage:
        name === 'memory'
          ? memory.memoryStorage()
          : sqlite.sqliteStorage({ filename: sqliteFile(), driver: name }),
      mailer: { send: async () => undefined },
      secret,
      baseUrl: 'https://app.acme.example.com/org',
    });
    onTestFinished(() => manager.close());
    await manager.migrate();
    const founder = { userId: admin.userId, email: 'admin@acme.example.com' };
    await manager.createOrganization({ orgId, name: 'Acme', admin: founder });
    expect(await makeCalls(manager)).toBe(40);
  },
);

test('a file that another process has locked is tried again in real time', async () => {
  const filename = sqliteFile();
  const { manager } = await createTeam(sqliteStorage({ filename }));
  const other = new Database(filename);
  onTestFinished(() => {
    other.close();
  });
  replaceTimers();
  other.exec('begin immediate');
  AbortSignal.timeout(100).addEventListener('abort', () => other.exec('commit'));
  const invited = manager.invite({ orgId, actor: admin, email: 'pat@acme.example.com' });
  expect(await invited).toMatchObject({ outcome: 'invited' });
});

test('the deadline of a storage that hangs is that of the clock', async () => {
  const clock = fakeClock();
  const storage = memoryStorage();
  const state = { hangs: false };
  const hanging: Storage = {
    ...storage,
    load: (query) => (state.hangs ? new Promise(() => undefined) : storage.load(query)),
  };
  const { manager } = await createTeam(hanging, { clock });
  replaceTimers();
  state.hangs = true;
  const charged = manager.consume({ orgId, userId: admin.userId });
  const ended = expect(charged).rejects.toMatchObject({ code: 'unavailable' });
  await clock.advance(2000);
  await ended;
});

test('an inbox gives up after real time', async () => {
  const inbox = inboxMailer();
  replaceTimers();
  const waiting = inbox.waitFor({ to: 'pat@acme.example.com' }, { timeoutMs: 20 });
  await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
});
