import type { Kysely } from 'kysely';
import type { StoredTables } from '../fixtures/stored-tables.ts';

/** Tables of any shape. */
export type AnyTables = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Every row of every table. */
export type Snapshot = Readonly<Record<string, readonly AnyTables[string][]>>;

// Whatever is referred to comes first.
const names: readonly (keyof StoredTables)[] = [
  'oum_organization',
  'oum_member',
  'oum_invitation',
  'oum_mail',
  'oum_audit_entry',
  'oum_usage',
];

// A counter ends by the database's clock, so its end differs from run to run.
const endOfUsage = { expires_at: Date.parse('2100-01-01T00:00:00Z') };

/** Reads all of it; the same content gives the same snapshot. */
export async function takeSnapshot(db: Kysely<AnyTables>): Promise<Snapshot> {
  const tables = await Promise.all(
    names.map(async (name) => {
      const stored = await db.selectFrom(name).selectAll().execute();
      const rows = name === 'oum_usage' ? stored.map((row) => ({ ...row, ...endOfUsage })) : stored;
      const inOrder = rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      return [name, inOrder] as const;
    }),
  );
  return Object.fromEntries(tables);
}

/** Makes the tables what they were. */
export async function putBack(db: Kysely<AnyTables>, snapshot: Snapshot): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const name of names.toReversed()) await trx.deleteFrom(name).execute();
    for (const [name, rows] of Object.entries(snapshot)) {
      if (rows.length > 0)
        await trx
          .insertInto(name)
          .values([...rows])
          .execute();
    }
  });
}
