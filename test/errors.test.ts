import { readFileSync } from 'node:fs';
import { isOrgUserManagerError, OrgUserManagerError } from 'org-user-manager';
import { expect, test } from 'vitest';
import { errorCatalog } from '../src/errors/catalog.ts';

const guide = readFileSync('src/errors/README.md', 'utf8');

test('the guide has a row for every code, and none besides', () => {
  const rows = Object.entries(errorCatalog).map(
    ([code, { status, title, advice }]) =>
      `| <a id="${code}"></a>\`${code}\` | ${status} | ${title} | ${advice} |`,
  );
  expect(guide.split('\n').filter((line) => line.startsWith('| <a id'))).toEqual(rows);
});

test('an error says what it is, where it is explained, and what lay beneath', () => {
  const cause = new Error('beneath');
  const error = new OrgUserManagerError('last_admin', {}, { cause });
  expect(error).toMatchObject({ code: 'last_admin', status: 409, cause });
  expect(error.help).toBe('org-user-manager/src/errors/README.md#last_admin');
  expect(isOrgUserManagerError(error)).toBe(true);
  expect(isOrgUserManagerError(error, 'last_admin')).toBe(true);
  expect(isOrgUserManagerError(error, 'conflict')).toBe(false);
  expect(isOrgUserManagerError(Object.assign(new Error(), { code: 'last_admin' }))).toBe(false);
});
