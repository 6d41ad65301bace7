import { extractEmails } from 'org-user-manager/extract';
import { afterEach, expect, it } from 'vitest';
import { hashKey } from '../src/emails/key-hash.ts';
import { framedFamilies, hostileFamilies } from './extract/hostile-families.ts';

// Counts the characters that the built-in string functions look at, and the bytes that are read: a
// deterministic stand-in for time, for which the code under test needs no hook.
let steps = 0;
const restores: (() => void)[] = [];

function count(prototype: object, name: string, cost: (self: unknown, call: Call) => number) {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  if (!descriptor) throw new Error(`no ${name}`);
  const original = descriptor.value;
  const counting = function (this: unknown, ...args: unknown[]) {
    const from = this instanceof RegExp && this.global ? this.lastIndex : 0;
    const result: unknown = Reflect.apply(original, this, args);
    steps += cost(this, { args, result, from });
    return result;
  };
  Object.defineProperty(prototype, name, { ...descriptor, value: counting });
  restores.push(() => Object.defineProperty(prototype, name, descriptor));
}

interface Call {
  readonly args: readonly unknown[];
  readonly result: unknown;
  /** Where a global expression went on from. */
  readonly from: number;
}

function countBytes() {
  const Original = globalThis.Uint8Array;
  globalThis.Uint8Array = new Proxy(Original, {
    construct: (target, args) => counted(Reflect.construct(target, args)),
  });
  restores.push(() => {
    globalThis.Uint8Array = Original;
  });
}

function counted(bytes: Uint8Array): Uint8Array {
  return new Proxy(bytes, {
    get(target, key) {
      steps++;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value),
  });
}

const whole = (self: unknown) => String(self).length;
const found = (self: unknown, { args, result }: Call) =>
  (Number(result) < 0 ? String(self).length : Number(result)) - Number(args[1] ?? 0);
const returned = (_self: unknown, { result }: Call) => String(result).length;
const matched = (self: unknown, { args, from }: Call) =>
  (self instanceof RegExp && self.lastIndex > from ? self.lastIndex : String(args[0]).length) -
  from;

function stepsFor(text: string): number {
  for (const name of ['charCodeAt', 'codePointAt', 'charAt', 'at']) {
    count(String.prototype, name, () => 1);
  }
  for (const name of ['replace', 'replaceAll', 'normalize', 'toLowerCase', 'split', 'matchAll']) {
    count(String.prototype, name, whole);
  }
  for (const name of ['includes', 'lastIndexOf', 'trim']) count(String.prototype, name, whole);
  count(String.prototype, 'slice', returned);
  count(String.prototype, 'startsWith', (_self, { args }) => String(args[0]).length);
  count(String.prototype, 'indexOf', found);
  for (const name of ['exec', 'test']) count(RegExp.prototype, name, matched);
  count(TextEncoder.prototype, 'encodeInto', (_self, { args }) => String(args[0]).length);
  count(DataView.prototype, 'getInt32', () => 4);
  countBytes();
  steps = 0;
  extractEmails(text, { maxAddresses: 1e6 });
  const total = steps;
  restoreBuiltIns();
  return total;
}

function restoreBuiltIns() {
  for (const restore of restores.splice(0).reverse()) restore();
}

afterEach(restoreBuiltIns);

it('has families of every kind', () => {
  expect(hostileFamilies.length).toBeGreaterThanOrEqual(40);
});

// OUM_THOROUGH=1 reads texts as long as a large paste.
const length = process.env.OUM_THOROUGH ? 100_000 : 5_000;

it.each(framedFamilies)('reads $name in linear time', ({ text }) => {
  const [once, twice] = [stepsFor(text(length / 2)), stepsFor(text(length))];
  expect(twice / once).toBeLessThan(2.2);
  expect(twice).toBeLessThan(length * 400);
});

it('tells addresses apart whose hashes are the same', () => {
  // `~a` and `_b` have the same hash, read backwards with the factor 31, and so have all their rows.
  const blocks = Array.from(
    { length: 11 },
    (_, bit) => (row: number) => ((row >> bit) % 2 === 0 ? '~a' : '_b'),
  );
  const rows = Array.from(
    { length: 2 ** 11 },
    (_, row) => `x${blocks.map((block) => block(row)).join('')}x@example.com`,
  );
  const { entries } = extractEmails([...rows, ...rows].join('\n'), { maxAddresses: 1e6 });
  expect(entries.map((entry) => ('address' in entry ? entry.address : ''))).toEqual([
    ...rows,
    ...rows,
  ]);
  expect(entries.slice(rows.length)).toMatchObject(
    rows.map((_, row) => ({ verdict: 'duplicate', duplicateOf: row })),
  );
});

it('finds what had no room in a small table again in a larger one', () => {
  // As the table places them: all of these want the same few of its first 128 slots.
  const slot = (key: string) => {
    const hash = hashKey(key);
    const mixed = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1);
    return (mixed ^ (mixed >>> 13)) & 127;
  };
  const keys = Array.from({ length: 30_000 }, (_, index) => `p${index}@example.com`);
  const crowd = keys.filter((key) => slot(key) < 4).slice(0, 60);
  const rest = keys.filter((key) => slot(key) > 64).slice(0, 600);
  const rows = [...crowd, ...rest];
  const { totals } = extractEmails([...rows, ...rows].join('\n'), { maxAddresses: 1e6 });
  expect(crowd).toHaveLength(60);
  expect(totals).toEqual({ ok: rows.length, review: 0, rejected: 0, duplicate: rows.length });
});
