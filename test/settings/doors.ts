import type { StorageScope } from 'org-user-manager';
import { orgId } from '../fixtures/team.ts';

/** A call through every door of a storage, or of a transaction of its host. */
export const doors = (scope: StorageScope): readonly (() => Promise<unknown>)[] => [
  async () => scope.load({ orgId, userIds: ['u_1'] }),
  () => scope.transaction(orgId, (tx) => tx.countPending(orgId, 0)),
  async () => scope.rateLimits.get(orgId, ['k']),
  () => scope.reservations.remove('r'),
];

/** Whether a statement reads settings. */
export const readsSettings = (statement: string) =>
  /^(show variables|select .* from pg_catalog.pg_settings|pragma \w+$)/s.test(statement);
