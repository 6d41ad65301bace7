import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(`src/csv/${path}`, 'utf8');

it('explains every code there is', () => {
  const source = read('invitees-csv.ts');
  const declared = [
    ...[...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code]) => code),
    'duplicate',
    'unknown-column',
  ];
  const explained = [...read('README.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
  expect(explained.toSorted()).toEqual(declared.toSorted());
});
