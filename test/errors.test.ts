import { readFileSync } from 'node:fs';
import {
  isOrgUserManagerError,
  OrgUserManagerError,
  toOrgUserManagerError,
} from 'org-user-manager';
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
  expect(String(error)).toBe(`OrgUserManagerError: ${error.message}`);
  expect(error.help).toBe('org-user-manager/src/errors/README.md#last_admin');
  expect(isOrgUserManagerError(error)).toBe(true);
  expect(isOrgUserManagerError(error, 'last_admin')).toBe(true);
  expect(isOrgUserManagerError(error, 'conflict')).toBe(false);
  expect(isOrgUserManagerError(Object.assign(new Error(), { code: 'last_admin' }))).toBe(false);
});

test('anything that was thrown becomes an error of the package, with itself as the cause', () => {
  const own = new OrgUserManagerError('last_admin', {});
  expect(toOrgUserManagerError(own)).toBe(own);
  // As an installed copy of another version may throw.
  const unknown = Object.assign(new OrgUserManagerError('last_admin', {}), {
    code: 'no_such_code',
  });
  for (const thrown of [undefined, null, 'route', new Error('x'), unknown, throwingProxy]) {
    const error = toOrgUserManagerError(thrown);
    expect([error.code, error.status, error.message]).toEqual(['internal', 500, 'Internal error']);
    expect(Object.is(error.cause, thrown)).toBe(true);
  }
  const hostile = new Proxy(own, { get: () => expect.fail('asked') });
  expect(Object.is(toOrgUserManagerError(hostile).cause, hostile)).toBe(true);
  expect(isOrgUserManagerError(throwingProxy)).toBe(false);
});

const throwingProxy = new Proxy(new Error(), {
  getPrototypeOf: () => {
    throw undefined;
  },
});
