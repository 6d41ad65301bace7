import assert from 'node:assert/strict';
import { memberSortName } from '../model/member-sort-name.ts';
import type { InvitationListQuery, MemberListQuery } from '../ports/list-query.ts';
import type { Storage } from '../ports/storage.ts';
import { found, invite, join } from './prepare.ts';
import { invitationQuery, memberQuery } from './sample-queries.ts';
import { now, sampleInvitation, sampleMember } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';
import { walk } from './walk.ts';

const pageSizes = [1, 2, 3, 5, 100];

/** The user ids of the whole list, which has to be the same on pages of any size. */
async function members(storage: Storage, change: Partial<MemberListQuery>) {
  const lists = pageSizes.map(async (limit) => {
    const rows = await walk(
      (after) => storage.listMembers(memberQuery({ ...change, limit, after })),
      (member) => [
        change.sort === 'name' ? memberSortName(member) : member.joinedAt,
        member.userId,
      ],
    );
    return rows.map(({ userId }) => userId);
  });
  return agreed(await Promise.all(lists));
}

/** The numbers of the whole list's invitations, which has to be the same on pages of any size. */
async function invitations(storage: Storage, change: Partial<InvitationListQuery>) {
  const lists = pageSizes.map(async (limit) => {
    const rows = await walk(
      (after) => storage.listInvitations(invitationQuery({ ...change, limit, after })),
      ({ invitation }) => [
        change.sort === 'address' ? invitation.address : invitation.createdAt,
        invitation.id,
      ],
    );
    return rows.map(({ invitation }) => Number(invitation.id.slice(-4)));
  });
  return agreed(await Promise.all(lists));
}

function agreed<Id>(lists: readonly (readonly Id[])[]): readonly Id[] {
  const [first = []] = lists;
  for (const list of lists) assert.deepEqual(list, first);
  return first;
}

// Names and addresses that a database's own rules would sort in another way, in the right order.
const named = [
  ['hyphen', '-a', 'z@example.com'],
  ['upper', 'ANN', 'z@example.com'],
  ['lower', 'ann', 'z@example.com'],
  ['mixed', 'Ann', 'a@example.com'],
  ['space', 'ann b', 'z@example.com'],
  ['joined', 'annb', 'z@example.com'],
  ['nameless', null, 'Bea@example.com'],
  ['cyd', 'Cyd', 'a@example.com'],
  ['sharp', 'straße', 'a@example.com'],
  ['plain', 'strasse 2', 'a@example.com'],
  ['composed', '\u00c9lodie', 'a@example.com'],
  ['decomposed', 'E\u0301lodie', 'a@example.com'],
  ['kana', 'かな', 'a@example.com'],
  ['private', '\ue000', 'a@example.com'],
  ['wide', 'ｗide', 'a@example.com'],
  ['balloon', '🎈', 'a@example.com'],
] as const;
const byName = [
  ...['hyphen', 'admin', 'lower', 'mixed', 'upper', 'space', 'joined', 'nameless', 'cyd', 'plain'],
  ...['sharp', 'composed', 'decomposed', 'kana', 'private', 'wide', 'balloon'],
];

/** Lists: every sort, both ways. */
export const sortCases: StorageCases = {
  'lists: members come by name or else address, letter case ignored, by code points': async (
    storage,
  ) => {
    await found(storage);
    await join(storage, ...named.map(([id, name, address]) => sampleMember(id, { name, address })));
    assert.deepEqual(await members(storage, { sort: 'name' }), byName);
    const downwards = await members(storage, { sort: 'name', order: 'desc' });
    assert.deepEqual(downwards, byName.toReversed());
  },
  'lists: members of one name come by their ids': async (storage) => {
    await found(storage);
    const ids = ['B', 'a', 'A', 'b', 'é', 'ｗ', '🎈', 'b '];
    await join(storage, ...ids.map((id) => sampleMember(id, { name: 'Admin@Example.com' })));
    const order = ['A', 'B', 'a', 'admin', 'b', 'b ', 'é', 'ｗ', '🎈'];
    assert.deepEqual(await members(storage, { sort: 'name' }), order);
    assert.deepEqual(await members(storage, { sort: 'name', order: 'desc' }), order.toReversed());
    assert.deepEqual(await members(storage, { sort: 'joined' }), order);
    assert.deepEqual(await members(storage, { sort: 'joined', order: 'desc' }), order.toReversed());
  },
  'lists: names of the greatest length sort and page': async (storage) => {
    await found(storage);
    const long = ['İ'.repeat(200), '\ufb2c'.repeat(200), '🎈'.repeat(100), 'x'.repeat(200)];
    const rows = long.map((name, index) => sampleMember(`${index}`.repeat(255), { name }));
    await join(storage, ...rows);
    const ids = await members(storage, { sort: 'name' });
    assert.deepEqual(
      ids.map((id) => id.slice(0, 1)),
      ['a', '0', '3', '1', '2'],
    );
  },
  'lists: invitations come by address, either way': async (storage) => {
    await found(storage);
    const addresses = ['b-a@x.org', 'ba@x.org', 'z@x.org', 'b.a@x.org', 'ö@x.org', 'b@x.org'];
    await invite(storage, ...addresses.map((address, id) => sampleInvitation(id, { address })));
    const again = sampleInvitation(6, { address: 'ba@x.org' });
    const [, first] = addresses.map((address, id) => sampleInvitation(id, { address }));
    if (first) {
      const ended = { ...first, status: 'revoked', endedAt: now, endedBy: 'admin' } as const;
      await storage.transaction('acme', (tx) => tx.updateInvitation(first, ended));
    }
    await invite(storage, again);
    const order = [0, 3, 5, 1, 6, 2, 4];
    assert.deepEqual(await invitations(storage, { sort: 'address', order: 'asc' }), order);
    assert.deepEqual(
      await invitations(storage, { sort: 'address', order: 'desc' }),
      order.toReversed(),
    );
  },
  'lists: invitations come oldest first if asked to, by id where times are equal': async (
    storage,
  ) => {
    await found(storage);
    const times = [5, 5, 7, 5, 1];
    await invite(storage, ...times.map((at, id) => sampleInvitation(id, { createdAt: now + at })));
    assert.deepEqual(await invitations(storage, { order: 'asc' }), [4, 0, 1, 3, 2]);
    assert.deepEqual(await invitations(storage, { order: 'desc' }), [2, 3, 1, 0, 4]);
  },
  'lists: every state together comes in one order': async (storage) => {
    await found(storage);
    const rows = [0, 1, 2, 3, 4, 5, 6, 7].map((id) =>
      sampleInvitation(id, { createdAt: now + id, address: `${9 - id}@x.org` }),
    );
    await invite(storage, ...rows);
    const ends = ['accepted', 'declined', 'revoked', 'pending'] as const;
    for (const [id, row] of rows.entries()) {
      const status = ends[id % 4] ?? 'pending';
      if (status === 'pending') continue;
      const ended = { ...row, status, endedAt: now, endedBy: 'admin' } as const;
      await storage.transaction('acme', (tx) => tx.updateInvitation(row, ended));
    }
    const order = [0, 1, 2, 3, 4, 5, 6, 7];
    assert.deepEqual(await invitations(storage, { order: 'asc' }), order);
    assert.deepEqual(await invitations(storage, { sort: 'address', order: 'desc' }), order);
    assert.deepEqual(
      await invitations(storage, { sort: 'address', order: 'desc', status: 'declined' }),
      [1, 5],
    );
    const people = ['a', 'b', 'c', 'd', 'e'].map((id, index) =>
      sampleMember(id, { joinedAt: now + index + 1, name: `${9 - index}` }),
    );
    await join(storage, ...people);
    for (const member of people.filter((_, index) => index % 2 === 1)) {
      const gone = { ...member, status: 'disabled', disabledAt: now } as const;
      await storage.transaction('acme', (tx) => tx.updateMember(member, gone));
    }
    const everybody = ['admin', 'a', 'b', 'c', 'd', 'e'];
    assert.deepEqual(await members(storage, {}), everybody);
    assert.deepEqual(await members(storage, { order: 'desc' }), everybody.toReversed());
    const byNumber = ['e', 'd', 'c', 'b', 'a', 'admin'];
    assert.deepEqual(await members(storage, { sort: 'name' }), byNumber);
  },
  'lists: are filtered by role, together with everything else': async (storage) => {
    await found(storage);
    await join(
      storage,
      sampleMember('ann'),
      sampleMember('bea', { role: 'admin', name: 'Ann' }),
      sampleMember('cyd'),
    );
    assert.deepEqual(await members(storage, { role: 'admin' }), ['admin', 'bea']);
    const member = { role: 'member', status: 'active', sort: 'name', order: 'desc' } as const;
    assert.deepEqual(await members(storage, member), ['cyd', 'ann']);
    assert.deepEqual(await members(storage, { role: 'admin', search: 'ANN' }), ['bea']);
    const roles = ['admin', 'member', 'admin'] as const;
    await invite(storage, ...roles.map((role, id) => sampleInvitation(id, { role })));
    assert.deepEqual(await invitations(storage, { role: 'admin' }), [2, 0]);
    const pending = { role: 'member', status: 'pending', sort: 'address' } as const;
    assert.deepEqual(await invitations(storage, pending), [1]);
  },
};
