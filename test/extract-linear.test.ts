import { extractEmails } from 'org-user-manager/extract';
import { afterEach, expect, it } from 'vitest';

// Counts the characters that the built-in string functions look at: a deterministic stand-in for
// time, for which the code under test needs no hook.
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

const repeated = [
  ...['a', 'a.', 'a@', '@', '"@', '"', '<a@b.cc ', '"<a@', 'a <a@b.cc>', '&#64;', '&#64;a', '%40'],
  ...['&commat;a', '://', 'http://a:@', 'http://a@b.cc ', 'x/', '+', 'a@b.cc+a', '。b', 'é', 'é@'],
  ...[
    'ü.',
    'comま.',
    '\u200B',
    'a@b.cc\u200B',
    'a\u200B',
    'a@ü.de ',
    '(',
    '*',
    "'",
    '_',
    '=',
    'a=',
  ],
  ...['&a=', 'a-.', 'a@b.cc:a', 'a@b.cc:a/', '\\n@', '\\na@b.cc', '•', '•@', ' @', 'a @ b.cc '],
  ...['@a/', 'a_@', '-', 'a@b.cc-', '\u{20000}', '\uD800', '%', '@a。b', 'a,', ' ', '\n', '\t'],
  ...[
    'References: <a@b.cc> ',
    '<a@b.cc>,',
    'mailto:a@b.cc,',
    'mailto:',
    '{',
    '}',
    '|',
    '?a=',
    '[@',
  ],
  ...['a@[', '😀', '😀a@b.cc', '\x1B[0ma@b.cc', ';a@b.cc', '&amp;a@b.cc', '"a@b.cc" <c@d.cc>, '],
];
const frames: readonly ((middle: string) => string)[] = [
  (middle) => middle,
  (middle) => `${middle}@example.com`,
  (middle) => `${middle}a@example.com`,
  (middle) => `a@${middle}`,
  (middle) => `a@example.com${middle}@example.com`,
  (middle) => `mailto:${middle}a@example.com`,
  (middle) => `"${middle}" <a@example.com>`,
  (middle) => `${'a'.repeat(64)}@${middle}`,
];

it.each(repeated)('reads %j in linear time, wherever it is repeated', (unit) => {
  for (const frame of frames) {
    const at = (length: number) => stepsFor(frame(unit.repeat(length / unit.length)));
    const [once, twice] = [at(5_000), at(10_000)];
    expect(twice / once).toBeLessThan(2.2);
    expect(twice).toBeLessThan(10_000 * 400);
  }
});
