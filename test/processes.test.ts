import { systemActor } from 'org-user-manager';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { expect, test } from 'vitest';
import { dump, openRaw, sqliteFile } from './fixtures/sqlite-file.ts';
import { createTeam, orgId } from './fixtures/team.ts';
import { type Job, startWorkers } from './fixtures/workers.ts';

const drivers = ['better-sqlite3', 'node:sqlite'] as const;

function jobOn(filename: string, index: number): Job {
  const driver = drivers[index % 2] ?? 'node:sqlite';
  return { filename, driver, orgId, userId: 'u_1', charges: 0, addresses: [] };
}

test('six processes may migrate one new file at once, five times over', async () => {
  const run = await startWorkers(6);
  for (let round = 0; round < 5; round += 1) {
    const filename = sqliteFile();
    const reports = await run((index) => jobOn(filename, index));
    expect(reports.flatMap(({ errors }) => errors)).toEqual([]);
    const { oum_migration: made = [], ...tables } = dump(openRaw(filename));
    const names = made.map((row) => Object(row).name);
    expect(names).toEqual([...new Set(names)]);
    expect(names).toContain('001-initial-schema');
    expect(Object.keys(tables)).toContain('oum_member');
  }
});

test('four processes share limits, invitations and the outbox of one file', async () => {
  const filename = sqliteFile();
  const { manager, join } = await createTeam(sqliteStorage({ filename }));
  await join('u_1');
  await manager.setLimit({ orgId, actor: systemActor, userId: 'u_1', monthly: 150 });
  await manager.deliverMail();
  const run = await startWorkers(4);
  const addresses = Array.from({ length: 20 }, (_, index) => `p${index}@acme.example.com`);
  const reports = await run((index) => ({ ...jobOn(filename, index), charges: 100, addresses }));

  expect(reports.flatMap(({ errors }) => errors)).toEqual([]);
  expect(reports.reduce((sum, { allowed }) => sum + allowed, 0)).toBe(150);
  const outcomes = reports.flatMap((report) => report.outcomes).sort();
  expect(outcomes).toEqual([...Array(60).fill('already_invited'), ...Array(20).fill('invited')]);
  const list = { orgId, actor: systemActor, status: 'all', limit: 200 } as const;
  const { items } = await manager.listInvitations(list);
  const invited = items.map(({ address }) => address).sort();
  expect(invited).toEqual([...addresses, 'u_1@acme.example.com'].sort());
  expect(reports.flatMap(({ sent }) => sent).sort()).toEqual([...addresses].sort());
  const { oum_usage } = dump(openRaw(filename));
  expect(Math.max(...(oum_usage ?? []).map((row) => Object(row).used))).toBe(150);
});

test('four processes that find the same mails waiting send each once', async () => {
  const filename = sqliteFile();
  const { manager } = await createTeam(sqliteStorage({ filename }));
  const addresses = Array.from({ length: 200 }, (_, index) => `p${index}@acme.example.com`);
  await manager.inviteMany({ orgId, actor: systemActor, addresses });
  await manager.deliverMail();
  const database = openRaw(filename);
  // As if none had been tried yet, whatever the real time is.
  database.exec(`update oum_mail set state = 'queued', attempts = 0, next_attempt_at = 0`);
  database.exec('update oum_invitation set expires_at = 9000000000000');
  const run = await startWorkers(4);
  const reports = await run((index) => jobOn(filename, index));
  expect(reports.flatMap(({ errors }) => errors)).toEqual([]);
  expect(reports.flatMap(({ sent }) => sent).sort()).toEqual([...addresses].sort());
});
