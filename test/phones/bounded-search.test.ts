/** A search for phone numbers tries a bounded number of candidates in every text. */
import { PhoneNumberMatcher } from 'libphonenumber-js/min';
import { describe, expect, test, vi } from 'vitest';
import { findPhones } from '../../src/phones/find-phones.ts';

const search = { defaultCountry: 'GB', addresses: [] };
const phone = '+44 7400 123456';

// Each costs the finder many candidates for few characters.
const hostile = [
  ...['1/1/1 ', '1 ', '1.', '(1', '+1 ', '1 - ', '(1) 1/1.1 - 1', '1(1)1', '１/', '12 a', '1a'],
  ...['020 7946 0018 x', '020 7946 001 x 5 a', '+999 1234567\n', '12345678 ', '07400 123456 '],
  ...['1;', '1\t', '1\n', '1\u00A0', '1\u3000', '٠٢ ', '3/3/3 ', '2026-01-02 08:00 ', '1~1 '],
  ...['+44/١x1\n111111111111111111)١~0~07400123456', '[[[[[#/[12345678901234567890    #(07x'],
  ...['12345678901234567890[١12~1234561234567890]+1234567890    +4412', '1/1    x1 '],
];

/** The texts that the finder judged, as the library's own class counts them. */
async function triedIn(text: string) {
  const finder = Object.getPrototypeOf(PhoneNumberMatcher.prototype);
  const judge = vi.spyOn(finder, 'parseAndVerify');
  try {
    const { truncated } = await findPhones(text, search);
    const candidates = judge.mock.calls.map(([candidate]) => String(candidate));
    return { candidates, truncated };
  } finally {
    judge.mockRestore();
  }
}

const repeated = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length));

// A candidate that is under way may be tried in a few more ways.
const underWay = 20;
const mostTries = (length: number) => Math.min(100 + length / 16, 2_000) + underWay;

describe('the number of candidates', () => {
  test.each(hostile)('stays in proportion to the text for %j', async (unit) => {
    for (const length of [1_600, 16_000]) {
      const { candidates, truncated } = await triedIn(repeated(unit, length));
      expect(candidates.length).toBeLessThan(mostTries(length));
      if (candidates.length > mostTries(length) - underWay) expect(truncated).toBe(true);
    }
  });

  test.each(hostile)('has a maximum for a megabyte of %j', async (unit) => {
    const { candidates } = await triedIn(repeated(unit, 1_000_000));
    expect(candidates.length).toBeLessThan(mostTries(1_000_000));
  });

  test('has a maximum when every candidate is a number', async () => {
    const { candidates, truncated } = await triedIn(repeated(`${phone}\n`, 1_000_000));
    expect(candidates.length).toBeLessThan(1_010);
    expect(truncated).toBe(true);
  });
});

// The finder searches the tail of a candidate once for every character of it.
test.each([' ', '\u00A0', '\t', '-', ' -', '1', '٠'])(
  'no candidate grows with a run of %j',
  async (unit) => {
    for (const around of ['1/1~x1', '1/1ext~1', `1/${phone}~`, `~${phone}`, `${phone} ext~5`]) {
      const text = around.replace('~', repeated(unit, 4_000));
      const { candidates } = await triedIn(text);
      const longest = candidates.reduce((most, { length }) => Math.max(most, length), 0);
      expect(longest).toBeLessThan(600);
    }
  },
);

test('a text without candidates is read to its end, whatever its length', async () => {
  const text = `${'x '.repeat(100_000)}${phone}`;
  expect(await findPhones(text, search)).toEqual({
    phones: [{ number: '+447400123456', index: 200_000, length: phone.length }],
    truncated: false,
  });
});

test('a number behind too many candidates is left out, and the result says so', async () => {
  const text = `${'1 '.repeat(8_000)}a ${phone}`;
  expect(await findPhones(text, search)).toEqual({ phones: [], truncated: true });
});

test('five hundred rows with two numbers each are read to their end', async () => {
  const row = (index: number) => {
    const digits = String(100_000 + index);
    return `${index};Ana Reyes;12 High Street;2026-01-02;+44 7400 ${digits};+44 7401 ${digits}`;
  };
  const text = Array.from({ length: 500 }, (_, index) => row(index)).join('\n');
  const { phones, truncated } = await findPhones(text, search);
  expect({ found: phones.length, truncated }).toEqual({ found: 1_000, truncated: false });
});
