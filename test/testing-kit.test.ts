/** The kit finds what is planted: storages and stores that break one rule each fail a case. */
import type { RateLimitStore, Storage, StorageReader, StorageTransaction } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { type TestFunction, testRateLimitStore, testStorage } from 'org-user-manager/testing';
import { expect, test } from 'vitest';

/** Runs what is registered; the names of the cases that fail. */
async function failing(register: (test: TestFunction) => void): Promise<readonly string[]> {
  const cases: (readonly [string, () => Promise<void>])[] = [];
  register((name, run) => cases.push([name, run]));
  const failed: string[] = [];
  for (const [name, run] of cases) await run().catch(() => failed.push(name));
  return failed;
}

/** A memory storage in which reads or writes are replaced, inside transactions too. */
function brokenStorage({
  reads = () => ({}),
  writes = () => ({}),
}: {
  readonly reads?: (reader: StorageReader) => Partial<StorageReader>;
  readonly writes?: (tx: StorageTransaction) => Partial<StorageTransaction>;
}): Storage {
  const storage = memoryStorage();
  return {
    ...storage,
    ...reads(storage),
    transaction: (orgId, work) =>
      storage.transaction(orgId, (tx) => work({ ...tx, ...reads(tx), ...writes(tx) })),
  };
}

function withTransaction(change: (storage: Storage) => Storage['transaction']): Storage {
  const storage = memoryStorage();
  return { ...storage, transaction: change(storage) };
}

function withOutbox(change: (outbox: Storage['outbox']) => Partial<Storage['outbox']>): Storage {
  const storage = memoryStorage();
  return { ...storage, outbox: { ...storage.outbox, ...change(storage.outbox) } };
}

/** Commits what failing work has written. */
function withoutRollback(): Storage {
  return withTransaction((storage) => async (orgId, work) => {
    const [result] = await storage.transaction(orgId, (tx) => Promise.allSettled([work(tx)]));
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** Lets reads see what a transaction under way has written. */
function withDirtyReads(): Storage {
  const storage = memoryStorage();
  let current: StorageTransaction | undefined;
  return {
    ...storage,
    load: (query) => (current ?? storage).load(query),
    transaction: (orgId, work) =>
      storage.transaction(orgId, async (tx) => {
        current = tx;
        try {
          return await work(tx);
        } finally {
          current = undefined;
        }
      }),
  };
}

const broken: Readonly<Record<string, () => Storage>> = {
  'does not roll back': withoutRollback,
  'shows what is not committed': withDirtyReads,
  'hides the error of the work': () =>
    withTransaction(
      (storage) => (orgId, work) =>
        storage.transaction(orgId, work).catch((cause: unknown) => {
          throw new Error('rolled back', { cause });
        }),
    ),
  'ignores letter case in ids': () =>
    brokenStorage({
      reads: (reader) => ({
        load: (query) => reader.load({ ...query, orgId: query.orgId.toLowerCase() }),
      }),
    }),
  'counts what has just expired': () =>
    brokenStorage({
      writes: (tx) => ({ countPending: (orgId, now) => tx.countPending(orgId, now - 1) }),
    }),
  'deletes nothing': () =>
    brokenStorage({ writes: () => ({ deleteUnmailedInvitations: async () => undefined }) }),
  'ignores the key of a page': () =>
    brokenStorage({
      reads: (reader) => ({
        listMembers: ({ after, ...query }) =>
          reader.listMembers(after ? { ...query, after: [after[0], ''] } : query),
      }),
    }),
  'counts only the page': () =>
    brokenStorage({
      reads: (reader) => ({
        async listInvitations(query) {
          const { rows } = await reader.listInvitations(query);
          return { rows, total: { count: rows.length, exact: true } };
        },
      }),
    }),
  'counts further than it is asked to': () =>
    brokenStorage({
      reads: (reader) => ({
        listMembers: (query) => reader.listMembers({ ...query, countUpTo: undefined }),
      }),
    }),
  'says that it has counted all': () =>
    brokenStorage({
      reads: (reader) => ({
        async listInvitations(query) {
          const { rows, total } = await reader.listInvitations(query);
          return { rows, total: { ...total, exact: true } };
        },
      }),
    }),
  'says of as many as it may count that there are more': () =>
    brokenStorage({
      reads: (reader) => ({
        async listMembers(query) {
          const { rows, total } = await reader.listMembers(query);
          return { rows, total: { ...total, exact: total.count !== query.countUpTo } };
        },
      }),
    }),
  'takes % as a wildcard': () =>
    brokenStorage({
      reads: (reader) => ({
        listMembers: ({ search, ...query }) =>
          reader.listMembers({ ...query, search: search?.replaceAll('%', '') }),
      }),
    }),
  'forgets the status filter': () =>
    brokenStorage({
      reads: (reader) => ({
        listMembers: (query) => reader.listMembers({ ...query, status: undefined }),
      }),
    }),
  'says inserted of whom it left out': () =>
    brokenStorage({
      writes: (tx) => ({
        async insertMember(member) {
          const result = await tx.insertMember(member);
          return result === 'exists' ? 'inserted' : result;
        },
      }),
    }),
  'updates a member whatever the caller expects': () =>
    brokenStorage({
      writes: (tx) => ({
        async updateMember(from, to) {
          const { members } = await tx.load({ orgId: to.orgId, userIds: [to.userId] });
          return tx.updateMember(members[0] ?? from, to);
        },
      }),
    }),
  'updates an invitation whatever mail the caller knows': () =>
    brokenStorage({
      writes: (tx) => ({
        async updateInvitation(from, to) {
          const { invitations } = await tx.load({ orgId: to.orgId, invitationIds: [to.id] });
          return tx.updateInvitation(invitations[0]?.invitation ?? from, to);
        },
      }),
    }),
  'says nothing of what it revokes': () =>
    brokenStorage({
      writes: (tx) => ({
        revokeInvitationsOf: (of, endedBy) => tx.revokeInvitationsOf(of, endedBy).then(() => []),
      }),
    }),
  'revokes what has expired': () =>
    brokenStorage({
      writes: (tx) => ({
        revokeInvitationsOf: (of, endedBy) => tx.revokeInvitationsOf({ ...of, now: 0 }, endedBy),
      }),
    }),
  'revokes invitations to both roles': () =>
    brokenStorage({
      writes: (tx) => ({
        revokeInvitationsOf: ({ role: _role, ...of }, endedBy) =>
          tx.revokeInvitationsOf(of, endedBy),
      }),
    }),
  'reassigns invitations to both roles': () =>
    brokenStorage({
      writes: (tx) => ({
        reassignInvitationsOf: ({ role: _role, ...of }, invitedBy) =>
          tx.reassignInvitationsOf(of, invitedBy),
      }),
    }),
  'keeps the inviter of what it reassigns': () =>
    brokenStorage({
      writes: (tx) => ({
        reassignInvitationsOf: (of) => tx.reassignInvitationsOf(of, of.userId),
      }),
    }),
  'claims for no time': () =>
    withOutbox((outbox) => ({
      claim: (lease) => outbox.claim({ ...lease, leaseUntil: lease.now }),
    })),
  'claims more than asked for': () =>
    withOutbox((outbox) => ({ claim: (lease) => outbox.claim({ ...lease, limit: 100 }) })),
  'is never due': () => withOutbox(() => ({ nextDueAt: async () => undefined })),
};

test('a storage that keeps the contract fails no case', async () => {
  const create = () => memoryStorage();
  expect(await failing((register) => testStorage({ test: register, create }))).toEqual([]);
});

test.each(Object.entries(broken))('a storage that %s fails a case', async (_, create) => {
  const failed = await failing((register) => testStorage({ test: register, create }));
  expect(failed).not.toEqual([]);
});

const brokenStores: Readonly<Record<string, (store: RateLimitStore) => Partial<RateLimitStore>>> = {
  'always allows': (store) => ({
    consume: async (request) => ({ ...(await store.consume(request)), allowed: true }),
  }),
  'takes all partitions for one': (store) => ({
    consume: (request) => store.consume({ ...request, partition: 'acme' }),
  }),
  'sorts what it was asked': (store) => ({
    get: (partition, keys) => store.get(partition, keys.toSorted()),
  }),
  'charges one window after another': (store) => ({
    async consume({ windows, ...request }) {
      const results = [];
      for (const window of windows) {
        results.push(await store.consume({ ...request, windows: [window] }));
      }
      return {
        allowed: results.every(({ allowed }) => allowed),
        used: results.flatMap(({ used }) => used),
      };
    },
  }),
};

test.each(Object.entries(brokenStores))('a store that %s fails a case', async (_, change) => {
  const create = () => {
    const { rateLimits } = memoryStorage();
    return { ...rateLimits, ...change(rateLimits) };
  };
  const failed = await failing((register) => testRateLimitStore({ test: register, create }));
  expect(failed).not.toEqual([]);
});

test('a storage is closed after each case, whatever becomes of it', async () => {
  let open = 0;
  const create = () => {
    open += 1;
    const storage = brokenStorage({ reads: () => ({ load: () => Promise.reject(new Error()) }) });
    return {
      ...storage,
      async close() {
        open -= 1;
      },
    };
  };
  const failed = await failing((register) => testStorage({ test: register, create }));
  expect(failed.length).toBeGreaterThan(40);
  expect(open).toBe(0);
});
