import {
  type Compilable,
  type CompiledQuery,
  type Kysely,
  type QueryResult,
  type RawBuilder,
  sql,
} from 'kysely';
import type { SqlEngine } from './engine.ts';
import type { LockTimeout } from './lock-timeout.ts';
import { withHexTexts } from './text-parameters.ts';
import { type ParameterType, typed } from './typed.ts';

/** A connection or transaction, and what its statements are compiled with. */
export interface StatementSession<DB> {
  readonly db: Kysely<DB>;
  /** The storage's own connections. What is compiled on them serves every transaction, too. */
  readonly own: Kysely<DB>;
  readonly engine: SqlEngine;
  /** Whether the transaction may go on seeing an old state unless it reads with locks. */
  readonly locksReads: boolean;
  /** For how long its statements wait for locks. Default: as long as the server lets them. */
  readonly lockTimeout?: LockTimeout | undefined;
}

/** Stands for the values while a statement is compiled. */
export interface Given<Values> {
  /** The value of this name, which is there in this form. */
  one<Name extends keyof Values>(name: Name): RawBuilder<Exclude<Values[Name], undefined>>;
  /** The same in an expression; see `typed`. */
  typed<Name extends keyof Values>(
    name: Name,
    type: ParameterType,
  ): RawBuilder<Exclude<Values[Name], undefined>>;
  /** Each item of the list of this name. */
  each<Name extends keyof Values>(name: Name): readonly RawBuilder<ItemOf<Values[Name]>>[];
  /** The milliseconds of the session's time-out, where it has one. */
  lockTimeoutMs(): RawBuilder<number>;
}

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;

type Build<DB, Values, Row, Form> = (
  session: StatementSession<DB>,
  given: Given<Values>,
  form: Form,
) => Compilable<Row>;

type Prepared<Values, Row> = (
  values: Values,
  lockTimeout: LockTimeout | undefined,
) => CompiledQuery<Row>;

// Longer lists hardly meet their like: a statement for one is compiled anew.
const longestList = 2;
// More than a program has. What callers vary must not fill the memory.
const mostKept = 200;

/**
 * A statement that is compiled once in each of its forms, for each storage: building and compiling a
 * query takes longer than an embedded database takes to run it. Values reach the query through
 * `given` alone; the form, plain data, is whatever else its text depends on.
 */
export function statementInForms<DB, Values extends object, Row, Form>(
  build: Build<DB, Values, Row, Form>,
): (session: StatementSession<DB>, values: Values, form: Form) => Promise<QueryResult<Row>> {
  const storages = new WeakMap<Kysely<DB>, Map<string, Prepared<Values, Row>>>();
  return (session, values, form) => {
    const { db, own, engine, locksReads, lockTimeout } = session;
    const lengths = Object.values(values).flatMap((value) =>
      Array.isArray(value) ? value.length : [],
    );
    const make = () =>
      prepare(
        (given: Given<Values>) => build({ ...session, db: own }, given, form),
        values,
        engine,
      );
    const run = (prepared: Prepared<Values, Row>) => {
      const query = prepared(values, lockTimeout);
      return db.executeQuery(engine.needsHexTexts ? withHexTexts(query) : query);
    };
    if (lengths.some((length) => length > longestList)) return run(make());
    const known = storages.get(own) ?? new Map<string, Prepared<Values, Row>>();
    storages.set(own, known);
    const key = JSON.stringify([form, locksReads, lockTimeout !== undefined, lengths]);
    const prepared = known.get(key) ?? make();
    if (known.size >= mostKept) known.clear();
    known.set(key, prepared);
    return run(prepared);
  };
}

/** A statement of one form; see `statementInForms`. */
export function statement<DB, Values extends object, Row>(
  build: (session: StatementSession<DB>, given: Given<Values>) => Compilable<Row>,
): (session: StatementSession<DB>, values: Values) => Promise<QueryResult<Row>> {
  const run = statementInForms<DB, Values, Row, null>(build);
  return (session, values) => run(session, values, null);
}

/** How many rows a statement has changed. */
export function rowsChanged({ numAffectedRows = 0n }: QueryResult<unknown>): number {
  return Number(numAffectedRows);
}

function prepare<Values extends object, Row>(
  build: (given: Given<Values>) => Compilable<Row>,
  example: Values,
  engine: SqlEngine,
): Prepared<Values, Row> {
  type Read = (values: Values, lockTimeout: LockTimeout | undefined) => unknown;
  const slots = new Map<unknown, Read>();
  const slot = <T>(read: Read) => {
    const mark = {};
    slots.set(mark, read);
    return sql<T>`${mark}`;
  };
  const compiled = build({
    one: (name) => slot((values) => values[name]),
    typed: (name, type) =>
      typed(
        engine,
        type,
        slot((values) => values[name]),
      ),
    each: (name) =>
      itemsOf(example[name]).map((_, index) => slot((values) => itemsOf(values[name])[index])),
    lockTimeoutMs: () => slot((_, lockTimeout) => lockTimeout?.ms),
  }).compile();
  const reads = compiled.parameters.map((parameter) => slots.get(parameter) ?? (() => parameter));
  return (values, lockTimeout) => ({
    ...compiled,
    sql: (lockTimeout?.prefix ?? '') + compiled.sql,
    parameters: reads.map((read) => read(values, lockTimeout)),
  });
}

const itemsOf = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : []);
