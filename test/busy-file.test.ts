import { DatabaseSync } from 'node:sqlite';
import Database from 'better-sqlite3';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { sqliteFile } from './fixtures/sqlite-file.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

// SQLITE_BUSY and its extended codes, as sqlite.org/rescode.html lists them.
const busy: readonly (readonly [name: string, number: number])[] = [
  ['SQLITE_BUSY', 5],
  ['SQLITE_BUSY_RECOVERY', 261],
  ['SQLITE_BUSY_SNAPSHOT', 517],
  ['SQLITE_BUSY_TIMEOUT', 773],
];

afterEach(() => vi.restoreAllMocks());

/** Refuses each text of SQL the first time that it is prepared; counts what was refused. */
function refuseOnce(
  driver: { prepare(this: unknown, sql: string): unknown },
  failure: () => Error,
): ReadonlySet<string> {
  const refused = new Set<string>();
  const { prepare } = driver;
  vi.spyOn(driver, 'prepare').mockImplementation(function refuse(this: unknown, sql: string) {
    // SQLite never waits to undo.
    if (sql === 'rollback' || refused.has(sql)) return prepare.call(this, sql);
    refused.add(sql);
    throw failure();
  });
  return refused;
}

const drivers = [
  {
    driver: 'better-sqlite3',
    refuse: (name: string) =>
      refuseOnce(Database.prototype, () => new Database.SqliteError('database is locked', name)),
  },
  {
    driver: 'node:sqlite',
    refuse: (_: string, errcode: number) =>
      refuseOnce(DatabaseSync.prototype, () =>
        Object.assign(new Error('database is locked'), { code: 'ERR_SQLITE_ERROR', errcode }),
      ),
  },
] as const;

describe.each(busy)('a file that is busy with %s (%i)', (name, number) => {
  test.each(drivers)('delays migrate() with $driver', async ({ driver, refuse }) => {
    const storage = sqliteStorage({ filename: sqliteFile(), driver });
    const refused = refuse(name, number);
    await storage.migrate();
    expect(refused.size).toBeGreaterThan(20);
    vi.restoreAllMocks();
    const { manager } = await createTeam(storage);
    expect(await manager.organization({ orgId, actor: admin })).toMatchObject({ activeMembers: 1 });
  });
});
