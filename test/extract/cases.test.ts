import { domainToASCII } from 'node:url';
import { extractEmails } from 'org-user-manager/extract';
import { afterAll, describe, expect, it } from 'vitest';
import { pasteCases } from './cases/index.ts';

const words = (list = '') => list.split(' ').filter((word) => word !== '');

// Node's own IDNA, so that the expectation does not come from the code under test.
function toMail(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at).normalize('NFC')}@${domainToASCII(address.slice(at + 1))}`;
}

const totals = { cases: 0, exact: 0, expected: 0, found: 0, right: 0, throws: 0 };

describe.each(Object.entries(pasteCases))('pastes of the kind %s', (_kind, cases) => {
  const named = cases.map(([text, people, expectation = {}]) => ({ text, people, expectation }));
  it.each(named)('$text', ({ text, people, expectation }) => {
    const expected = words(people).map(toMail);
    totals.cases++;
    totals.expected += expected.length;
    totals.throws++;
    const { entries } = extractEmails(text);
    totals.throws--;
    const accepted = entries.filter(({ verdict }) => verdict === 'ok' || verdict === 'review');
    const found = accepted.flatMap((entry) => ('address' in entry ? [entry.address] : []));
    const review = entries.flatMap((entry) => (entry.verdict === 'review' ? [entry.address] : []));
    const rejected = entries.flatMap((entry) =>
      entry.verdict === 'rejected' ? [entry.reason] : [],
    );
    totals.found += found.length;
    totals.right += found.filter((address) => expected.includes(address)).length;
    expect(found).toEqual(expected);
    totals.exact++;
    expect(rejected).toEqual(words(expectation.rejected));
    expect(review).toEqual(words(expectation.review).map(toMail));
  });
});

it('covers every kind with hundreds of pastes', () => {
  expect(Object.keys(pasteCases).length).toBeGreaterThanOrEqual(36);
  const all = Object.values(pasteCases).flat();
  expect(all.length).toBeGreaterThanOrEqual(500);
  expect(new Set(all.map(([text]) => text)).size).toBe(all.length);
});

afterAll(() => {
  const { cases, exact, expected, found, right, throws } = totals;
  const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  console.log(
    `${cases} pastes: exact ${share(exact, cases)}, precision ${share(right, found)}, ` +
      `recall ${share(right, expected)}, cuts ${found - right}, throws ${throws}`,
  );
});
