import { isOrgUserManagerError } from 'org-user-manager';
import { membersCsv, readInviteesCsv } from 'org-user-manager/csv';
import { expect, it } from 'vitest';
import { member } from './views.ts';

// `~` stands for what is repeated.
const frames = [
  'email\na~b\n',
  'email\n~\n',
  'email\na~@example.com\n',
  'email,name\nana@example.com,a~b\n',
  'email,name\nana@example.com,"a~b"\n',
  'email,name\nana@example.com,"\'~b"\n',
  'email,role,phone,daily\nana@example.com,"~x","~x","~x"\n',
  'email,"a~b"\nana@example.com,\n',
  'email,a~b\nana@example.com,\n',
  '~\nemail\nana@example.com\n',
  'email\n"a"~"b"\n',
  'email,name\nana@example.com,~"\n',
  'sep=~\nemail\nana@example.com\n',
  'email,phone\nana@example.com,+1~\n',
  'email\n~ana@example.com~\n',
];
const units = [
  ...['\u200B', '\u00AD', '\n', '\r', '\t', ' ', '\u00A0', '\u{E0001}', "'", ';', ";'=", '\0'],
  ...['\u0301\u0316', ',', '"', '""', '"=', '1', 'a', '='],
];

// How much more than linear may be chance.
const limit = 3;

/** In microseconds. */
function cpuOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/**
 * How many times the work a text of 8 n takes what eight of n take: about 1 when that grows with
 * the length, about 8 when it grows with its square. Only work of this process counts.
 */
function growth(work: (length: number) => void): number {
  let [eight, one] = [Infinity, Infinity];
  // What another task adds by chance is gone in the least of several rounds.
  for (let round = 0; round < 6; round++) {
    eight = Math.min(eight, cpuOf(repeatedly(8, () => work(1_000))));
    one = Math.min(
      one,
      cpuOf(() => work(8_000)),
    );
    if ((round > 0 && one < eight * limit) || one > 200_000) break;
  }
  return one / eight;
}

function repeatedly(times: number, work: () => void) {
  return () => {
    for (let call = 0; call < times; call++) work();
  };
}

const repeated = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length));

/** Reads a file, or finds that it is none. */
function read(file: string) {
  try {
    readInviteesCsv(file, { maxRows: 1e6 });
  } catch (error) {
    if (!isOrgUserManagerError(error)) throw error;
  }
}

it.each(frames)('%j is read in linear time, whatever is repeated in it', (frame) => {
  const file = (unit: string, length: number) => frame.split('~').join(repeated(unit, length));
  const slow = units.filter((unit) => growth((length) => read(file(unit, length))) > limit);
  expect(slow.map((unit) => JSON.stringify(unit))).toEqual([]);
});

// The parser looks behind each quote of a broken cell for the separator or the line break.
const quotes = ['a"b', 'a" ', '",'];
const blanks = ['\n', ' ', '\n ', '\u2028', '\t', ';'];

it.each(['email,name\nx,"~', 'email\tname\nx\t"~', 'email\n"~'])(
  '%j is read in linear time when quotes and then blanks are repeated in it',
  (head) => {
    const file = (pair: readonly [string, string, string], length: number) => {
      const [quote, blank, tail] = pair;
      return head.replace('~', repeated(quote, length / 2)) + repeated(blank, length / 2) + tail;
    };
    const pairs = quotes.flatMap((quote) =>
      blanks.flatMap((blank) =>
        [',', '\n'].map((tail): readonly [string, string, string] => [quote, blank, tail]),
      ),
    );
    const slow = pairs.filter((pair) => growth((length) => read(file(pair, length))) > limit);
    expect(slow.map((pair) => JSON.stringify(pair))).toEqual([]);
  },
);

it('rows are read in a time that does not depend on how many columns others have', () => {
  const file = (length: number) =>
    `${','.repeat(length)}email\n${'ana@example.com\n'.repeat(length / 4)}`;
  expect(growth((length) => read(file(length)))).toBeLessThan(limit);
});

it('a cell is written in linear time, whatever is repeated in it', () => {
  const slow = units.filter(
    (unit) =>
      growth((length) => membersCsv([{ ...member, name: `${repeated(unit, length)}x` }])) > limit,
  );
  expect(slow.map((unit) => JSON.stringify(unit))).toEqual([]);
});
