import { type Kysely, type RawBuilder, sql } from 'kysely';
import { checksIn } from './checks.ts';
import type { SqlEngine } from './engine.ts';
import type { TableShape } from './table-shape.ts';

interface Part {
  /** NULL for a view, which has no engine. */
  readonly part: string | null;
}

/** Where to look for which tables. */
interface Place {
  /** Default: the schema in which the connection creates tables. */
  readonly schema: string | undefined;
  readonly tables: readonly Pick<TableShape, 'name' | 'columns'>[];
}

/** The same by names alone. */
interface NamedPlace {
  readonly schema: string | undefined;
  readonly tables: readonly string[];
}

/** Reads the parts. Those that begin with `create` or `constraint` are SQL that has CHECKs in it. */
type Read = <DB>(db: Kysely<DB>, place: NamedPlace) => Promise<readonly string[]>;

/**
 * What the database has of these tables, in lower case: `schema` if there is that one, and such as
 * `table oum_usage`, `column oum_usage.cap bigint`, `required oum_usage.used` for a column that an insert
 * cannot leave out, `check oum_usage_within_cap (cap, used)` with the columns that it reads, `unique oum_usage (org_id, counter)`,
 * `index oum_usage_by_end (expires_at)`. Keys that are more or less than these say so: they cover part of
 * the rows, compare letters otherwise, or are checked late. Takes no right but to read.
 */
export async function readCatalog<DB>(
  db: Kysely<DB>,
  engine: SqlEngine,
  place: Place,
): Promise<ReadonlySet<string>> {
  const tables = place.tables.map(({ name }) => name);
  const columns = place.tables.flatMap((table) => table.columns);
  // Plugins must not take names of the catalog for names of ours.
  const read = await readers[engine.name](db.withoutPlugins(), { schema: place.schema, tables });
  const parts = read.flatMap((part) =>
    /^(create|constraint) /i.test(part) ? checksIn(part, { engine, columns }) : [part],
  );
  return new Set(parts.map((part) => part.toLowerCase()));
}

/** The parts that a query returns. */
async function partsOf<DB>(db: Kysely<DB>, query: RawBuilder<Part>): Promise<string[]> {
  const { rows } = await query.execute(db);
  return rows.map(({ part }) => part ?? '');
}

// Of its CHECKs SQLite knows no more than the text with which the table was created.
const readSqlite: Read = (db, { tables }) =>
  partsOf(
    db,
    sql<Part>`with ours as (
      select name, sql from main.sqlite_master
      where lower(name) in (${sql.join(tables.map((name) => name.toLowerCase()))})
    )
    select 'schema' as part
    union all
    select 'table ' || name from ours
    union all
    select 'column ' || ours.name || '.' || c.name || ' ' || c.type
      || case when c."notnull" or c.pk then ' not null' else '' end
    from ours join pragma_table_info(ours.name, 'main') c
    union all
    select 'required ' || ours.name || '.' || c.name
    from ours join pragma_table_info(ours.name, 'main') c
    where c."notnull" and c.dflt_value is null
    union all
    select case when i."unique" then 'unique ' || ours.name else 'index ' || i.name end || ' (' || (
        select group_concat(coalesce(k.name, 'an expression')
          || case k.coll when 'BINARY' then '' else ' collate ' || k.coll end, ', ')
        from pragma_index_xinfo(i.name, 'main') k where k.key
      ) || ')' || case when i.partial then ' where' else '' end
    from ours join pragma_index_list(ours.name, 'main') i
    union all
    select sql from ours`,
  );

// The views of information_schema show a user only what it owns; pg_catalog shows everything. At a setting
// of PostgreSQL names of types are quoted. Before version 15 no column has NULLS NOT DISTINCT.
const readPostgres: Read = (db, { schema, tables }) =>
  partsOf(
    db,
    sql<Part>`with place as (
      select oid from pg_catalog.pg_namespace
      where nspname = ${schema === undefined ? sql`current_schema()` : sql`${schema}::name`}
    ), ours as (
      select t.oid, t.relname::text as name
      from place join pg_catalog.pg_class t on t.relnamespace = place.oid
      where t.relname in (${sql.join(tables.map((name) => sql`${name}::name`))})
    )
    select 'schema' as part from place
    union all
    select 'table ' || name from ours
    union all
    select 'row level security ' || name || ' off' from ours where not row_security_active(oid)
    union all
    select 'column ' || ours.name || '.' || c.attname || ' '
      || replace(
        replace(format_type(c.atttypid, c.atttypmod), 'character varying', 'varchar'), '"', '')
      || case when c.attcollation <> t.typcollation then ' collate "' || l.collname || '"' else '' end
      || case when c.attnotnull then ' not null' else '' end
    from ours join pg_catalog.pg_attribute c on c.attrelid = ours.oid
      join pg_catalog.pg_type t on t.oid = c.atttypid
      left join pg_catalog.pg_collation l on l.oid = c.attcollation
    where c.attnum > 0 and not c.attisdropped
    union all
    select 'required ' || ours.name || '.' || c.attname
    from ours join pg_catalog.pg_attribute c on c.attrelid = ours.oid
      join pg_catalog.pg_type t on t.oid = c.atttypid
    where c.attnum > 0 and not c.attisdropped and (c.attnotnull or t.typnotnull)
      and not c.atthasdef and c.attidentity = '' and t.typdefault is null
    union all
    select 'check ' || k.conname || ' (' || coalesce((
        select string_agg(c.attname::text, ', ' order by c.attname::text collate "C")
        from pg_catalog.pg_attribute c
        where c.attrelid = ours.oid and c.attnum = any (k.conkey)
      ), '') || ')'
    from ours join pg_catalog.pg_constraint k on k.conrelid = ours.oid
    where k.contype = 'c'
    union all
    select case when i.indisunique then 'unique ' || ours.name else 'index ' || t.relname end
      || ' (' || (
        select string_agg(coalesce(c.attname, 'an expression'), ', ' order by k.position)
        from unnest(i.indkey) with ordinality as k (attnum, position)
        left join pg_catalog.pg_attribute c on c.attrelid = ours.oid and c.attnum = k.attnum
        where k.position <= i.indnkeyatts
      ) || ')'
      || case when i.indpred is null then '' else ' where' end
      || case when i.indimmediate then '' else ' deferrable' end
      || coalesce(substring(pg_get_indexdef(i.indexrelid) from ' NULLS NOT DISTINCT'), '')
    from ours join pg_catalog.pg_index i on i.indrelid = ours.oid
      join pg_catalog.pg_class t on t.oid = i.indexrelid
    where i.indisvalid`,
  );

// The columns of a key, of which there are at most 32. group_concat would cut the list at a length that each
// session may set.
const keyColumns = sql.join(
  Array.from(
    { length: 32 },
    (_, index) => sql`max(case seq_in_index when ${sql.lit(index + 1)} then
      coalesce(concat(column_name, '(', sub_part, ')'), column_name, 'an expression') end)`,
  ),
);

// concat_ws leaves out what is NULL: at one setting of MariaDB an empty string is. The names stand in the
// SQL, as plain identifiers can: MySQL reads of its whole catalog only what constants name. They are compared
// exactly where names of tables have letter case, as the views do not. The comments are conditions for MariaDB
// alone: MySQL has no such columns, and no two CHECKs of one name. An ignored index cannot be named in a hint.
const readMysql: Read = async (db, { schema, tables }) => {
  const place = schema === undefined ? sql`database()` : sql.lit(schema);
  const names = sql.join(tables.map((name) => sql.lit(name)));
  const named = sql`table_name in (${names})
    and (@@lower_case_table_names > 0 or binary table_name in (${names}))`;
  const ours = sql`table_schema = ${place} and ${named}`;
  const parts = await partsOf(
    db,
    sql<Part>`select 'schema' as part
    from information_schema.schemata where schema_name = ${place}
    union all
    select concat('table ', table_name) from information_schema.tables where ${ours}
    union all
    select concat('engine ', table_name, ' ', engine) from information_schema.tables where ${ours}
    union all
    select concat_ws(' ', concat('column ', table_name, '.', column_name),
      case data_type
        when 'int' then 'integer'
        when 'varchar' then concat('varchar(', character_maximum_length, ')')
        else data_type end,
      case when column_type like '%unsigned%' then 'unsigned' end,
      case when collation_name not in ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin')
        then concat('collate ', collation_name) end,
      case is_nullable when 'NO' then 'not null' end)
    from information_schema.columns where ${ours}
    union all
    select concat('required ', table_name, '.', column_name)
    from information_schema.columns
    where ${ours} and is_nullable = 'NO' and column_default is null
      and extra not regexp 'auto_increment|generated'
    union all
    select concat('constraint ', constraint_name, ' check (', check_clause, ')')
    from information_schema.check_constraints
    where constraint_schema = ${place} /*M! and ${named} */
    union all
    select concat(
      case non_unique when 0 then concat('unique ', table_name) else concat('index ', index_name) end,
      ' (', concat_ws(', ', ${keyColumns}), ')')
    from information_schema.statistics where ${ours} /*M! and ignored = 'NO' */
    group by table_name, index_name, non_unique`,
  );
  if (parts.some((part) => part.startsWith('constraint '))) return parts;
  // MariaDB shows no CHECK to a user who has rights on tables and none on the schema. Views have no engine.
  for (const part of parts.filter((part) => part.startsWith('engine '))) {
    const [, name = ''] = part.split(' ');
    const table = schema === undefined ? sql.id(name) : sql.id(schema, name);
    const { rows } = await sql`show create table ${table}`.execute(db);
    parts.push(...rows.map((row) => String(Reflect.get(Object(row), 'Create Table'))));
  }
  return parts;
};

const readers: Readonly<Record<SqlEngine['name'], Read>> = {
  sqlite: readSqlite,
  postgres: readPostgres,
  mysql: readMysql,
};
