/** What an application's callbacks may do, and with which values. */

/** Stands in every value that has a text: no answer may hold it. */
export const marker = 'hostile-marker';

// `set` throws as well, and so does asking for its prototype: `instanceof` calls a trap, too.
const everyTrapThrows = new Proxy({}, new Proxy({}, { get: () => () => fail(undefined) }));

function fail(value: unknown): never {
  throw value;
}

/** The values that a callback throws, rejects with or returns. */
const values: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['undefined', undefined],
  ['null', null],
  ['false', false],
  ['0', 0],
  ['-0', -0],
  ['NaN', Number.NaN],
  ['0n', 0n],
  ["''", ''],
  ["'route'", 'route'],
  ["'router'", 'router'],
  ['a string', marker],
  ['a Symbol', Symbol(marker)],
  ['an object without prototype', Object.assign(Object.create(null), { message: marker })],
  ['a Proxy whose every trap throws', everyTrapThrows],
  ['an Error', new Error(marker)],
  [
    'an Error whose message getter throws undefined',
    Object.defineProperty(new Error(marker), 'message', { get: () => fail(undefined) }),
  ],
  ['an error with status 200', Object.assign(new Error(marker), { status: 200, statusCode: 200 })],
]);

const fields = [
  ...['userId', 'email', 'emailVerified', 'name', 'orgId'],
  ...['status', 'headers', 'body', 'message', 'code', 'valueOf', 'toString'],
];

const withThrowingGetters = (value: unknown) =>
  Object.defineProperties(
    {},
    Object.fromEntries(
      fields.map((field) => [field, { enumerable: true, get: () => fail(value) }]),
    ),
  );

/** Whether a failure is what the callback threw, which the Proxy may have replaced by its own. */
export const isCauseOf = (value: unknown, cause: unknown) =>
  Object.is(cause, value) || (value === everyTrapThrows && cause === undefined);

/** Whether `onError` got what the callback threw: an error as it is, anything else as a cause. */
export const isReportOf = (value: unknown, report: unknown) =>
  report instanceof Error && (report === value || isCauseOf(value, report.cause));

/** A callback that misbehaves in one way. */
export interface Way {
  readonly name: string;
  /** Whether the callback fails; else it returns something that it should not. */
  fails(value: unknown): boolean;
  callback(value: unknown): () => unknown;
}

const always = () => true;

/** The ways in which a callback misbehaves. */
const ways: readonly Way[] = [
  { name: 'throws', fails: always, callback: (value) => () => fail(value) },
  { name: 'rejects', fails: always, callback: (value) => () => Promise.reject(value) },
  {
    name: 'returns a thenable that rejects',
    fails: always,
    callback: (value) => () => ({
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried here.
      then: (_resolve: unknown, reject: (reason: unknown) => void) => reject(value),
    }),
  },
  {
    name: 'returns a thenable whose then getter throws',
    fails: always,
    callback: (value) => () => Object.defineProperty({}, 'then', { get: () => fail(value) }),
  },
  {
    name: 'returns a rejected promise whose own then does nothing',
    fails: always,
    callback: (value) => () =>
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried here.
      Object.assign(Promise.reject(value), { then: () => undefined }),
  },
  {
    name: 'returns an object whose getters throw',
    fails: () => false,
    callback: (value) => () => withThrowingGetters(value),
  },
  {
    name: 'returns it',
    // It throws when it is asked whether it is a promise.
    fails: (value) => value === everyTrapThrows,
    callback: (value) => () => value,
  },
];

/** The ways in which a callback gives later what it should not give at all. */
export const laterWays: readonly Way[] = [
  {
    name: 'returns a promise of it',
    fails: (value) => value === everyTrapThrows,
    callback: (value) => async () => value,
  },
  {
    name: 'returns a thenable that resolves to it',
    fails: (value) => value === everyTrapThrows,
    callback: (value) => () => ({
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried here.
      then: (resolve: (value: unknown) => void) => resolve(value),
    }),
  },
];

/** Calls what reports each pair of a way and a value, and returns the reports. */
export async function tryAll(
  report: (way: Way, value: unknown) => Promise<unknown>,
  moreWays: readonly Way[] = [],
): Promise<readonly string[]> {
  const reports: string[] = [];
  for (const way of [...ways, ...moreWays]) {
    for (const [name, value] of values) {
      const found = await report(way, value);
      if (found !== undefined) reports.push(`${way.name}, ${name}: ${JSON.stringify(found)}`);
    }
  }
  return reports;
}
