import { extractEmails, judgeAddress } from 'org-user-manager/extract';
import { expect, test, vi } from 'vitest';

// Composing takes time in proportion to the square of a run of combining marks.
test.each([
  ['the local part', (marks: string) => `a${marks}@example.com`],
  ['the domain', (marks: string) => `a@b${marks}.example.com`],
  ['the top-level domain', (marks: string) => `a@example.com${marks}`],
  ['a name', (marks: string) => `"a${marks}" <ana@example.com>`],
])('a long run of combining marks in %s is never composed', (_, write) => {
  const composed = vi.spyOn(String.prototype, 'normalize');
  const text = write('\u0323\u0301'.repeat(20_000));
  judgeAddress(text);
  extractEmails(text);
  const lengths = composed.mock.contexts.map((context) => String(context).length);
  composed.mockRestore();
  expect(Math.max(0, ...lengths)).toBeLessThan(2000);
});

test('marks that an address has are composed', () => {
  expect(judgeAddress('re\u0301ne@example.com')).toMatchObject({ address: 'réne@example.com' });
});
