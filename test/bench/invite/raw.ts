import type { BenchDatabase, Engine } from './engines.ts';

const columns =
  'id org_id address role status generation invited_by created_at expires_at send_count last_send_at'.split(
    ' ',
  );

/** The least that invitations can cost: one table with its two indexes, one INSERT for all rows. */
export async function openRaw({ type }: Engine, { run }: BenchDatabase) {
  const types = columns.map((name) => {
    const isNumber = /_at$|generation|count/.test(name);
    return `${name} ${isNumber ? 'bigint' : 'varchar(255)'} not null`;
  });
  await run(`create table invitation (${types.join(', ')}, primary key (id))`, []);
  await run('create unique index one_pending on invitation (org_id, address)', []);

  /** Inserts an invitation for each address in one statement. */
  async function insert(orgId: string, addresses: readonly string[]): Promise<void> {
    const rows = addresses.map((_, row) => `(${columns.map((__, column) => mark(row, column))})`);
    const values = addresses.flatMap((address) => rowOf(orgId, address));
    await run(`insert into invitation (${columns}) values ${rows}`, values);
  }

  const mark = (row: number, column: number) =>
    type === 'sqlite' ? '?' : `$${row * columns.length + column + 1}`;
  return { insert };
}

function rowOf(orgId: string, address: string): readonly unknown[] {
  const now = Date.now();
  return [crypto.randomUUID(), orgId, address, 'member', 'pending', 1, 'u_admin', now, now, 1, now];
}
