import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractEmails } from 'org-user-manager/extract';
import { expect, it } from 'vitest';

const emails = join(import.meta.dirname, '../../src/emails');
const guide = readFileSync(join(emails, 'README.md'), 'utf8');

/** The rows of the table under a heading; the cells without their code marks. */
function rowsUnder(heading: string): string[][] {
  const [, section = ''] = guide.split(`\n## ${heading}\n`);
  const lines = section.split('\n## ')[0]?.split('\n') ?? [];
  const rows = lines.filter((line) => line.startsWith('|')).slice(2);
  return rows.map((row) => row.split('|').slice(1, -1).map(unmarked));
}

function unmarked(cell: string): string {
  return cell
    .trim()
    .replace(/^`(.*)`$/, '$1')
    .replace(/(?<!\\)\\n/g, '\n')
    .replace(/\\u([0-9A-F]{4})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(/\\\\/g, '\\');
}

const rulings = rowsUnder('Rulings').map(
  ([ruling = '', paste = '', people = '', reported = '']) => ({
    ruling,
    paste,
    people,
    reported,
  }),
);
const reasons = rowsUnder('Reasons').map(([reason = '', example = '']) => ({ reason, example }));

it.each(rulings)('$ruling', ({ paste, people, reported }) => {
  const shown = extractEmails(paste).entries.flatMap((entry) => {
    if (entry.verdict === 'review') return [`*${entry.address}*`];
    return entry.verdict === 'ok' ? [entry.address] : [];
  });
  const refused = extractEmails(paste).entries.flatMap((entry) =>
    entry.verdict === 'rejected' ? [entry.reason] : [],
  );
  expect([shown.join(' '), refused.join(' ')]).toEqual([people, reported]);
});

it.each(reasons)('$reason is the reason of its example', ({ reason, example }) => {
  const given = extractEmails(example).entries.map((entry) =>
    'reason' in entry ? entry.reason : undefined,
  );
  expect(given).toContain(reason);
});

it('explains every reason there is', () => {
  expect(rulings.length).toBeGreaterThan(30);
  const source = readFileSync(join(emails, 'address-reason.ts'), 'utf8');
  const declared = [...source.matchAll(/\| '([a-z-]+)'/g)].map(([, reason]) => reason);
  expect(reasons.map(({ reason }) => reason).toSorted()).toEqual(declared.toSorted());
});
