/** The storage conformance suite, as its users run it, over every storage of ours. */
import { testStorage } from 'org-user-manager/testing';
import { expect, test } from 'vitest';
import { scoredTests } from './fixtures/conformance-table.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';

const testOf = scoredTests('Storage conformance');

describeEach(allStorages())('$name', ({ name, create }) => {
  testStorage({ create, test: testOf(name) });
});

test('the suite has a case for every sentence of the contract', () => {
  const names = new Set<string>();
  testStorage({
    create: () => expect.fail('registering creates nothing'),
    test: (name) => names.add(name),
  });
  expect(names.size).toBeGreaterThanOrEqual(45);
});
