/** The storage conformance suite, as its users run it, over every storage of ours. */
import { testStorage } from 'org-user-manager/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { conformanceTable, type Score } from './fixtures/conformance-table.ts';
import { allStorages } from './fixtures/storages.ts';

const scores = new Map<string, Score>();

function count(name: string, result: 'passed' | 'failed'): void {
  const score = scores.get(name) ?? { name, passed: 0, failed: 0 };
  scores.set(name, { ...score, [result]: score[result] + 1 });
}

afterAll(() => console.log(`Storage conformance\n${conformanceTable([...scores.values()])}`));

describe.each(await allStorages())('$name', ({ name, create }) => {
  testStorage({
    create,
    test: (title, run) =>
      test(title, () =>
        run().then(
          () => count(name, 'passed'),
          (error: unknown) => {
            count(name, 'failed');
            throw error;
          },
        ),
      ),
  });
});

test('the suite has a case for every sentence of the contract', () => {
  const names = new Set<string>();
  testStorage({
    create: () => expect.fail('registering creates nothing'),
    test: (name) => names.add(name),
  });
  expect(names.size).toBeGreaterThanOrEqual(45);
});
