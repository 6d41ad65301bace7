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
  const query = CompiledQuery.raw(`${prefix} ${sql}`, [...parameters]);
  const { rows } = await db.executeQuery<Row>({ ...query });
  return rows;
}

interface SqliteStep {
  readonly parent: number;
  readonly detail: string;
}

/** Reads `explain query plan`. */
export async function explainSqlite(db: Kysely<object>, query: CompiledQuery): Promise<Explained> {
  const steps = await run<SqliteStep>(db, 'explain query plan', query);
  const merges = (parent: number) =>
    steps.some((step) => step.parent === parent && step.detail === 'SCAN part');
  const plan = steps.map(({ detail }) => detail);
  return {
    plan,
    seeks: plan.some((detail) => /\(\w+,\w+\)[<>]\(\?,\?\)/.test(detail)),
    scans: plan.filter(
      (detail) =>
        /^SCAN (?!part|page|given|\d+ CONSTANT|CONSTANT|\d+-ROW VALUES)/.test(detail) ||
        /ANY\(/.test(detail),
    ),
    sorts: steps
      .filter(({ parent, detail }) => /TEMP B-TREE FOR .*ORDER BY/.test(detail) && !merges(parent))
      .map(({ detail }) => detail),
    unbounded: plan.filter(
      (detail) => /oum_(member|invitation)_/.test(detail) && !/org_id=\?/.test(detail),
    ),
    whole: plan.filter((detail) => /oum_member_.*\(org_id=\?\)/.test(detail)),
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
  const analyze = query.sql.startsWith('select') ? 'analyze, ' : '';
  const [row] = await run<object>(db, `explain (${analyze}format json)`, query);
  const [{ Plan: root }] = Object(row)['QUERY PLAN'];
  const nodes = nodesOf(root);
  const describe = (node: PostgresNode) =>
    `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name'] ?? ''} ${node['Index Cond'] ?? ''}`;
  const isOurs = ({ 'Relation Name': table = '' }: PostgresNode) =>
    table.startsWith('oum_') && table !== 'oum_organization';
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
}

/** Reads `explain`. */
export async function explainMysql(db: Kysely<object>, query: CompiledQuery): Promise<Explained> {
  const steps = await run<MysqlStep>(db, 'explain', query);
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
    seeks: ours.some(({ type, key }) => type === 'range' && /_by_/.test(key ?? '')),
    scans: ours.filter(({ type }) => type === 'ALL' || type === 'index').map(describe),
    sorts: ours.filter(({ Extra }) => Extra?.includes('filesort')).map(describe),
    // Every index of members begins with the organization, and so does every one of invitations but
    // those of single rows.
    unbounded: ours
      .filter(({ table, key }) => table === 'i' && !/_by_/.test(key ?? ''))
      .map(describe),
    whole: ours.filter(({ table, rows }) => table === 'm' && Number(rows) > fewRows).map(describe),
    inviters: ours.some(
      ({ type, key, rows }) =>
        type === 'range' && key === 'oum_invitation_by_inviter' && Number(rows) <= fewRows,
    ),
  };
}
