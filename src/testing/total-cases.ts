import assert from 'node:assert/strict';
import type { InvitationListQuery, MemberListQuery } from '../ports/list-query.ts';
import { found, invite, join } from './prepare.ts';
import { invitationQuery, memberQuery } from './sample-queries.ts';
import { now, sampleInvitation, sampleMember } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';
import { exactly } from './walk.ts';

const atLeast = (count: number) => ({ count, exact: false });

/** Totals that are counted up to a number. */
export const totalCases: StorageCases = {
  'totals: members are counted up to a number, and a total says whether there are more': async (
    storage,
  ) => {
    await found(storage);
    await join(storage, ...['a', 'b', 'c'].map((id) => sampleMember(id, { name: 'Ann' })));
    const disabled = sampleMember('d', { name: 'Ann' });
    await join(storage, disabled);
    await storage.transaction('acme', (tx) =>
      tx.updateMember(disabled, { ...disabled, status: 'disabled', disabledAt: now }),
    );
    const lists: readonly (readonly [Partial<MemberListQuery>, number])[] = [
      [{}, 5],
      [{ status: 'active' }, 4],
      [{ status: 'active', sort: 'name', order: 'desc' }, 4],
      [{ status: 'active', role: 'member' }, 3],
      [{ search: 'ann' }, 4],
      [{ search: 'ann', status: 'active', sort: 'name', order: 'desc' }, 3],
    ];
    for (const [list, count] of lists) {
      const total = async (page: Partial<MemberListQuery>) =>
        (await storage.listMembers(memberQuery({ ...list, ...page }))).total;
      const beyond = list.sort === 'name' ? (['', ''] as const) : ([now + 99, 'z'] as const);
      for (const page of [{}, { limit: 1 }, { after: beyond }]) {
        assert.deepEqual(await total({ ...page, countUpTo: 0 }), atLeast(0));
        assert.deepEqual(await total({ ...page, countUpTo: count - 1 }), atLeast(count - 1));
        assert.deepEqual(await total({ ...page, countUpTo: count }), exactly(count));
        assert.deepEqual(await total({ ...page, countUpTo: count + 1 }), exactly(count));
        assert.deepEqual(await total({ ...page, countUpTo: undefined }), exactly(count));
      }
    }
  },
  'totals: invitations are counted up to a number, whatever state is asked for': async (
    storage,
  ) => {
    await found(storage);
    const rows = Array.from({ length: 9 }, (_, number) =>
      sampleInvitation(number, { expiresAt: now + (number < 4 ? 1 : 2) * 1000 }),
    );
    await invite(storage, ...rows);
    const [revoked] = rows;
    if (revoked) {
      const ended = { ...revoked, status: 'revoked', endedAt: now, endedBy: 'sam' } as const;
      await storage.transaction('acme', (tx) => tx.updateInvitation(revoked, ended));
    }
    const lists: readonly (readonly [Partial<InvitationListQuery>, number])[] = [
      [{}, 9],
      [{ status: 'pending' }, 5],
      [{ status: 'expired', sort: 'address' }, 3],
      [{ status: 'revoked' }, 1],
      [{ search: '@' }, 9],
      [{ search: '@', status: 'pending', order: 'asc' }, 5],
      [{ role: 'member', status: 'expired' }, 3],
    ];
    for (const [list, count] of lists) {
      const total = async (page: Partial<InvitationListQuery>) => {
        const query = invitationQuery({ ...list, now: now + 1000, ...page });
        return (await storage.listInvitations(query)).total;
      };
      for (const page of [{}, { limit: 1 }]) {
        assert.deepEqual(await total({ ...page, countUpTo: count - 1 }), atLeast(count - 1));
        assert.deepEqual(await total({ ...page, countUpTo: count }), exactly(count));
        assert.deepEqual(await total({ ...page, countUpTo: undefined }), exactly(count));
      }
    }
  },
  'totals: a page is as long as its limit, however few rows are counted': async (storage) => {
    await found(storage);
    await join(storage, ...['a', 'b', 'c'].map((id) => sampleMember(id)));
    const page = await storage.listMembers(memberQuery({ limit: 3, countUpTo: 1 }));
    assert.deepEqual([page.rows.length, page.total], [3, atLeast(1)]);
    const none = await storage.listInvitations(invitationQuery({ countUpTo: 0 }));
    assert.deepEqual(none, { rows: [], total: exactly(0) });
  },
};
