import type { Database } from 'better-sqlite3';
import { CompiledQuery, type Kysely } from 'kysely';

/** What is bad in the plan of one statement. */
export interface Explained {
  /** Tables of ours that are read from end to end, or by an index without a condition. */
  readonly scans: readonly string[];
  /** Sort steps over anything but the few rows of some pages. */
  readonly sorts: readonly string[];
  /** Whether a late page begins at its place in the index, having read nothing before it. */
  readonly seeks: boolean;
  /** Reads of members or invitations that are not bounded to one organization. */
  readonly unbounded: readonly string[];
  /** Reads of all members that an organization has. */
  readonly whole: readonly string[];
  /** The most members or invitations that one step of a read takes from an index or a table. */
  readonly most: number;
  /** Whether of all invitations only those of the age that is asked for are read. */
  readonly aged: boolean;
  /** Whether only invitations of one inviter, in one state and with life left, are read. */
  readonly inviters: boolean;
  /** The plan itself, for messages. */
  readonly plan: readonly string[];
}

async function run<Row>(
  db: Kysely<object>,
  prefix: string,
  { sql, parameters }: CompiledQuery,
): Promise<readonly Row[]> {
  // MariaDB explains no statement that has a time-out in front of it.
  const text = sql.replace(/^set statement \S+ = .*? for (?=(?:insert|update|delete|select) )/, '');
  const query = CompiledQuery.raw(`${prefix} ${text}`, [...parameters]);
  const { rows } = await db.executeQuery<Row>({ ...query });
  return rows;
}

const isRead = ({ sql }: CompiledQuery) => /^\s*select/.test(sql);

// Without any there is nothing that could be so.
const all = <Item>(items: readonly Item[], is: (item: Item) => boolean) =>
  items.length > 0 && items.every(is);

interface SqliteStep {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}

/** Counts the rows that conditions are asked of, by the place of the condition in its statement. */
export type CountedRows = Map<number, number>;

/** Adds the function with which `explainSqlite` counts rows. */
export function countRows(database: Database): CountedRows {
  const counted: CountedRows = new Map();
  database.function('counts_row', (place, _organization) => {
    counted.set(Number(place), (counted.get(Number(place)) ?? 0) + 1);
    return 1;
  });
  return counted;
}

/**
 * Runs a read with a condition that counts rows and is always true. It is the first one, so that it is
 * asked of each row that an index leads to, before any other condition leaves the row out.
 */
async function rowsOfEachStep(
  db: Kysely<object>,
  query: CompiledQuery,
  counted: CountedRows,
): Promise<readonly number[]> {
  if (!isRead(query)) return [];
  let place = 0;
  const text = query.sql.replace(/((?:"\w+"\.)?"org_id") = \?/g, (condition, column) => {
    place += 1;
    return `counts_row(${place}, ${column}) and ${condition}`;
  });
  const counting = { ...query, sql: text };
  counted.clear();
  await run(db, '', counting);
  const rows = [...counted.values()];
  const planOf = async (one: CompiledQuery) =>
    (await run<SqliteStep>(db, 'explain query plan', one)).map(({ detail }) => detail).join('\n');
  if ((await planOf(counting)) !== (await planOf(query)))
    throw new Error('counting changes the plan');
  return rows;
}

/** Reads `explain query plan`; a statement that only reads also runs, to count the rows it reads. */
export async function explainSqlite(
  db: Kysely<object>,
  query: CompiledQuery,
  counted: CountedRows,
): Promise<Explained> {
  const steps = await run<SqliteStep>(db, 'explain query plan', query);
  const rows = await rowsOfEachStep(db, query, counted);
  // A subquery's rows, which a limit keeps few.
  const isOfFew = ({ parent, detail }: SqliteStep) =>
    detail === 'SCAN part' ||
    steps.some(
      (step) =>
        step.parent === parent &&
        [`CO-ROUTINE ${detail.slice(5)}`, `MATERIALIZE ${detail.slice(5)}`].includes(step.detail),
    );
  const sortsFew = (parent: number) =>
    steps.some((step) => step.parent === parent && isOfFew(step));
  const plan = steps.map(({ detail }) => detail);
  return {
    plan,
    seeks: plan.some((detail) => /\(\w+,\w+\)[<>]\(\?,\?\)/.test(detail)),
    scans: steps
      .filter(
        (step) =>
          (/^SCAN (?!part|page|given|\d+ CONSTANT|CONSTANT|\d+-ROW VALUES)/.test(step.detail) &&
            !isOfFew(step)) ||
          /ANY\(/.test(step.detail),
      )
      .map(({ detail }) => detail),
    sorts: steps
      .filter(
        ({ parent, detail }) => /TEMP B-TREE FOR .*ORDER BY/.test(detail) && !sortsFew(parent),
      )
      .map(({ detail }) => detail),
    unbounded: plan.filter(
      (detail) => /oum_(member|invitation)_/.test(detail) && !/\((org_id|id)=\?/.test(detail),
    ),
    whole: plan.filter((detail) => /oum_member_.*\(org_id=\?\)/.test(detail)),
    most: Math.max(0, ...rows),
    // A branch whose limit comes out as 0 is in the plan, and reads nothing.
    aged:
      plan.some((detail) =>
        /_by_expiry \(org_id=\? AND status=\? AND expires_at[<>]\?\)/.test(detail),
      ) && all(rows, (count) => count <= fewRows),
    inviters: plan.some((detail) =>
      detail.includes(
        'oum_invitation_by_inviter (org_id=? AND status=? AND invited_by=? AND expires_at>?)',
      ),
    ),
  };
}

interface PostgresNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Plan Rows': number;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PostgresNode[];
}

const nodesOf = (node: PostgresNode): readonly PostgresNode[] => [
  node,
  ...(node.Plans ?? []).flatMap(nodesOf),
];

/** Reads `explain`; what only reads is carried out, to see how many rows a sort step is given. */
export async function explainPostgres(
  db: Kysely<object>,
  query: CompiledQuery,
): Promise<Explained> {
  const analyze = isRead(query) ? 'analyze, ' : '';
  const [row] = await run<object>(db, `explain (${analyze}format json)`, query);
  const [{ Plan: root }] = Object(row)['QUERY PLAN'];
  const nodes = nodesOf(root);
  const describe = (node: PostgresNode) =>
    `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name'] ?? ''} ${node['Index Cond'] ?? ''}`;
  const isOurs = ({ 'Relation Name': table = '' }: PostgresNode) =>
    table.startsWith('oum_') && table !== 'oum_organization';
  const ofInvitations = nodes.filter(
    (node) => node['Relation Name'] === 'oum_invitation' && node['Actual Loops'] !== 0,
  );
  const byIndex = nodes.filter((node) => node['Index Name']?.startsWith('oum_'));
  return {
    plan: nodes.map(describe),
    seeks: byIndex.some(
      (node) => node['Index Cond']?.includes('ROW(') && rowsRead(node) <= mostPageRows,
    ),
    scans: [
      ...nodes.filter((node) => isOurs(node) && node['Node Type'].includes('Seq Scan')),
      ...byIndex.filter((node) => !node['Index Cond'] && !readsFirst(node)),
    ].map(describe),
    sorts: nodes
      .filter((node) => node['Node Type'] === 'Sort' && (node['Actual Rows'] ?? 0) > fewRows)
      .map(describe),
    unbounded: byIndex
      .filter(
        (node) =>
          /oum_(member|invitation)_by/.test(node['Index Name'] ?? '') &&
          !node['Index Cond']?.includes('org_id'),
      )
      .map(describe),
    whole: nodes
      .filter((node) => node['Relation Name'] === 'oum_member' && rowsRead(node) > fewRows)
      .map(describe),
    most: Math.max(
      0,
      ...nodes
        .filter((node) => /^oum_(member|invitation)$/.test(node['Relation Name'] ?? ''))
        .map(rowsRead),
    ),
    aged: all(
      ofInvitations,
      (node) =>
        node['Index Name'] === 'oum_invitation_by_expiry' &&
        /expires_at/.test(node['Index Cond'] ?? '') &&
        rowsRead(node) <= fewRows,
    ),
    inviters: byIndex.some(
      (node) =>
        node['Index Name'] === 'oum_invitation_by_inviter' &&
        ['org_id', 'invited_by', 'status', 'expires_at'].every((column) =>
          node['Index Cond']?.includes(column),
        ),
    ),
  };
}

const rowsRead = (node: PostgresNode) =>
  (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0);

// All that a minimum takes; PostgreSQL 17 has no condition for it any more.
const readsFirst = (node: PostgresNode) => node['Actual Rows'] !== undefined && rowsRead(node) <= 1;

// The longest page, and the row that tells whether there is another one.
const mostPageRows = 201;
// A page of each of the four states.
const fewRows = 4 * mostPageRows;

interface MysqlStep {
  readonly select_type: string;
  readonly table: string | null;
  readonly type: string | null;
  readonly key: string | null;
  /** An estimate. */
  readonly rows: number | string | null;
  readonly Extra: string | null;
  /** How many were read, where the statement was carried out; `null` for a step that was not reached. */
  readonly r_rows?: number | string | null;
}

/** Reads `explain`; what only reads is carried out, to see how many rows it reads. */
export async function explainMysql(db: Kysely<object>, query: CompiledQuery): Promise<Explained> {
  const steps = await run<MysqlStep>(db, isRead(query) ? 'analyze' : 'explain', query);
  const describe = ({ table, type, key, Extra }: MysqlStep) => `${table} ${type} ${key} ${Extra}`;
  const ours = steps.filter(
    ({ table, select_type }) =>
      table !== null &&
      !table.startsWith('<') &&
      !/^(o|oum_organization|given)$/.test(table) &&
      select_type !== 'INSERT',
  );
  return {
    plan: steps.map(describe),
    seeks: ours.some(
      ({ type, key }) => type === 'range' && /_by_(joined|name|created|address)$/.test(key ?? ''),
    ),
    scans: ours.filter(({ type }) => type === 'ALL' || type === 'index').map(describe),
    sorts: ours.filter(({ Extra }) => Extra?.includes('filesort')).map(describe),
    // Every index of members begins with the organization, and so does every one of invitations but
    // those of single rows.
    unbounded: ours
      .filter(
        ({ table, type, key }) => table === 'i' && type !== 'eq_ref' && !/_by_/.test(key ?? ''),
      )
      .map(describe),
    whole: ours.filter(({ table, rows }) => table === 'm' && Number(rows) > fewRows).map(describe),
    most: Math.max(0, ...ours.map(({ r_rows }) => Number(r_rows ?? 0))),
    aged: all(
      ours.filter(
        ({ table, r_rows }) => /^(i|oum_invitation)$/.test(table ?? '') && r_rows !== null,
      ),
      ({ type, key, r_rows }) =>
        type === 'range' && key === 'oum_invitation_by_expiry' && Number(r_rows) <= fewRows,
    ),
    inviters: ours.some(
      ({ type, key, rows }) =>
        type === 'range' && key === 'oum_invitation_by_inviter' && Number(rows) <= fewRows,
    ),
  };
}
