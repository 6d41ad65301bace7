import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { extractEmails } from 'org-user-manager/extract';
import { expect, it } from 'vitest';
import { contextRules } from '../../src/emails/context-rules.ts';
import { rulings } from './cases/rulings.ts';

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

// What nobody can see, or tell from other letters, is spelled out.
function marked(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replace(
      /[\p{Cf}\p{Script=Cyrillic}]/gu,
      (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
    );
}

// Node's own IDNA, so that the expectation does not come from the code under test.
function toMail(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
}

const reasons = rowsUnder('Reasons').map(([reason = '', example = '']) => ({ reason, example }));

it('has the table of rulings that the case file says', () => {
  const [, section = ''] = guide.split('\n## Rulings\n');
  const rows = section
    .split('\n## ')[0]
    ?.split('\n')
    .filter((line) => line.startsWith('|'));
  const expected = Object.entries(rulings).map(
    ([ruling, [paste, people, { rejected = '', review = '' } = {}]]) => {
      const asks = new Set(review.split(' ').map(toMail));
      const shown = people
        .split(' ')
        .filter(Boolean)
        .map(toMail)
        .map((address) => (asks.has(address) ? `*${address}*` : address));
      const cells = [ruling, `\`${marked(paste)}\``, marked(shown.join(' ')), rejected];
      return cells.reduce((row, cell) => `${row} ${cell}${cell && ' '}|`, '|');
    },
  );
  expect(rows?.slice(2)).toEqual(expected);
  expect(expected.length).toBeGreaterThan(30);
});

it('has the table of context rules that the list of them says', () => {
  const rows = contextRules.map(({ name, reason, example }) => [name, example, reason]);
  expect(rowsUnder('Context rules')).toEqual(rows);
  expect(rows.length).toBeLessThanOrEqual(14);
});

it.each(contextRules)('$name: the example shows it', ({ reason, example }) => {
  expect(extractEmails(example).entries).toContainEqual(
    expect.objectContaining({ verdict: 'rejected', reason }),
  );
});

it.each(reasons)('$reason is the reason of its example', ({ reason, example }) => {
  const given = extractEmails(example).entries.map((entry) =>
    'reason' in entry ? entry.reason : undefined,
  );
  expect(given).toContain(reason);
});

it('explains every reason there is', () => {
  const source = readFileSync(join(emails, 'judge/reasons.ts'), 'utf8');
  const declared = [...source.matchAll(/\| '([a-z-]+)'/g)].map(([, reason]) => reason);
  expect(reasons.map(({ reason }) => reason).toSorted()).toEqual(declared.toSorted());
});
