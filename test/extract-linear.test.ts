import { extractEmails } from 'org-user-manager/extract';
import { afterEach, expect, it } from 'vitest';
import { framedFamilies, hostileFamilies } from './extract/hostile-families.ts';

// Counts the characters that the built-in string functions look at: a deterministic stand-in for time,
// for which the code under test needs no hook.
let steps = 0;
const restores: (() => void)[] = [];

function count(prototype: object, name: string, cost: (self: unknown, call: Call) => number) {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  if (!descriptor) throw new Error(`no ${name}`);
  const original = descriptor.value;
  const counting = function (this: unknown, ...args: unknown[]) {
    const from = this instanceof RegExp && (this.global || this.sticky) ? this.lastIndex : 0;
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
  /** Where a global or sticky expression went on from. */
  readonly from: number;
}

const whole = (self: unknown) => String(self).length;
const found = (self: unknown, { args, result }: Call) =>
  (Number(result) < 0 ? String(self).length : Number(result)) - Number(args[1] ?? 0);
const returned = (_self: unknown, { result }: Call) => String(result).length;
// A sticky expression sees what it matches, and looks back and ahead in bounded windows.
const matched = (self: unknown, { args, from }: Call) => {
  if (!(self instanceof RegExp)) return String(args[0]).length;
  if (self.sticky) return Math.max(self.lastIndex - from, 0) + 1;
  return (self.lastIndex > from ? self.lastIndex : String(args[0]).length) - from;
};

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
  expect(twice / once).toBeLessThan(2.5);
  expect(twice).toBeLessThan(length * 700);
});

// The shapes in which the first reader was quadratic.
const faults: readonly (readonly [name: string, text: (length: number) => string])[] = [
  ['zero-width characters in a domain', (n) => `a@${'\u200B'.repeat(n)}example.com`],
  ['a run before a letter', (n) => `${'a'.repeat(n)}中@example.com`],
  ['a scheme and labels', (n) => `x://${'a.'.repeat(n / 2)}:x#@example.com`],
  ['quoted emoji', (n) => '"😀@"'.repeat(n / 5)],
  ['encoded words', (n) => `${'=?u?q?'.repeat(n / 6)}a@example.com`],
  ['at signs only', (n) => '@'.repeat(n)],
];

it.each(faults)('reads %s in linear time', (_name, text) => {
  const [once, twice] = [stepsFor(text(length / 2)), stepsFor(text(length))];
  expect(twice / once).toBeLessThan(2.5);
  expect(twice).toBeLessThan(length * 700);
});

it.each(faults)('answers a megabyte of %s', (_name, text) => {
  const { entries, truncated } = extractEmails(text(1_000_000));
  expect(entries.length > 0 || !truncated).toBe(true);
});

it('refuses a run that is too long as a whole', () => {
  const run = `${'a'.repeat(400)}@example.com`;
  expect(extractEmails(`x ${run}, b@example.com`).entries).toMatchObject([
    { verdict: 'rejected', reason: 'too-long', raw: run },
    { verdict: 'ok', address: 'b@example.com' },
  ]);
});
