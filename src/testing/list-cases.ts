import assert from 'node:assert/strict';
import type { Invitation, InvitationStatus } from '../model/invitation.ts';
import type { InvitationListQuery, MemberListQuery } from '../ports/list-query.ts';
import type { Storage } from '../ports/storage.ts';
import { mailFields } from './mail-fields.ts';
import { found, invite, join } from './prepare.ts';
import { invitationQuery, memberQuery } from './sample-queries.ts';
import { now, sampleInvitation, sampleMail, sampleMember } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';
import { exactly, walk } from './walk.ts';

function members(storage: Storage, query: Partial<MemberListQuery>) {
  return storage.listMembers(memberQuery(query));
}

function invitations(storage: Storage, query: Partial<InvitationListQuery>) {
  return storage.listInvitations(invitationQuery(query));
}

async function memberIds(storage: Storage, search: string) {
  const { rows, total } = await members(storage, { search });
  assert.deepEqual(total, exactly(rows.length));
  return rows.map(({ userId }) => userId);
}

/** Ends an invitation that was just made. */
async function end(storage: Storage, row: Invitation, status: 'accepted' | 'declined' | 'revoked') {
  const ended = { ...row, status, endedAt: now, endedBy: 'sam' };
  await storage.transaction('acme', (tx) => tx.updateInvitation(row, ended));
}

/** Lists: order, pages, filters, search and totals. */
export const listCases: StorageCases = {
  'lists: members come by joining time, then by id, on pages of any size': async (storage) => {
    await found(storage);
    const joined = [
      ['e', 4],
      ['b', 5],
      ['a', 5],
      ['d', 5],
      ['c', 6],
      ['f', -3],
    ] as const;
    await join(storage, ...joined.map(([id, at]) => sampleMember(id, { joinedAt: now + at })));
    for (const limit of [1, 2, 3, 7, 100]) {
      const seen = await walk(
        (after) => members(storage, { limit, after }),
        ({ joinedAt, userId }) => [joinedAt, userId],
      );
      const ids = seen.map(({ userId }) => userId);
      assert.deepEqual(ids, ['f', 'admin', 'e', 'a', 'b', 'd', 'c']);
    }
  },
  'lists: invitations come newest first, then by id downwards, each with its mail': async (
    storage,
  ) => {
    await found(storage);
    const times = [5, 5, 7, 5, 1];
    const rows = times.map((at, number) => sampleInvitation(number, { createdAt: now + at }));
    await invite(storage, ...rows);
    for (const limit of [1, 2, 4, 100]) {
      const seen = await walk(
        (after) => invitations(storage, { limit, after }),
        ({ invitation }) => [invitation.createdAt, invitation.id],
      );
      const order = [2, 3, 1, 0, 4].flatMap((number) => rows[number] ?? []);
      const expected = order.map((invitation) => ({ invitation, mail: sampleMail(invitation) }));
      const stored = seen.map((row) => ({ ...row, mail: mailFields(row.mail) }));
      assert.deepEqual(stored, expected);
    }
  },
  'lists: ids that differ little neither repeat nor get lost between pages': async (storage) => {
    await found(storage);
    const ids = ['sam', 'Sam', 'SAM', 'sam ', 's:am', "s'am", 'sám', 'sa\u0301m', '🎈', 'Ω', 'z'];
    await join(storage, ...ids.map((id) => sampleMember(id, { address: 'a@example.com' })));
    const seen = await walk(
      (after) => members(storage, { limit: 2, after }),
      ({ joinedAt, userId }) => [joinedAt, userId],
    );
    assert.deepEqual(new Set(seen.map(({ userId }) => userId)), new Set(['admin', ...ids]));
  },
  'lists: a page holds at most its limit, and the total counts without it': async (storage) => {
    await found(storage);
    await join(storage, ...['a', 'b', 'c'].map((id) => sampleMember(id)));
    const page = await members(storage, { limit: 2 });
    assert.deepEqual([page.rows.length, page.total], [2, exactly(4)]);
    const beyond = await members(storage, { limit: 2, after: [now + 1, 'a'] });
    assert.deepEqual(beyond, { rows: [], total: exactly(4) });
  },
  'lists: an organization sees its own rows only, and an unknown one sees none': async (
    storage,
  ) => {
    await found(storage);
    await found(storage, { orgId: 'globex' });
    await invite(storage, sampleInvitation(1, { orgId: 'globex' }));
    assert.deepEqual((await members(storage, {})).total, exactly(1));
    assert.deepEqual(await invitations(storage, {}), { rows: [], total: exactly(0) });
    for (const orgId of ['unknown', 'ACME']) {
      assert.deepEqual(await members(storage, { orgId }), { rows: [], total: exactly(0) });
      assert.deepEqual(await invitations(storage, { orgId }), { rows: [], total: exactly(0) });
    }
  },
  'lists: members are filtered by their status': async (storage) => {
    await found(storage);
    const sam = sampleMember('sam');
    await join(storage, sam, sampleMember('kim'));
    const gone = { ...sam, status: 'disabled', disabledAt: now } as const;
    await storage.transaction('acme', (tx) => tx.updateMember(sam, gone));
    const active = await members(storage, { status: 'active', limit: 1 });
    assert.deepEqual([active.rows[0]?.userId, active.total], ['admin', exactly(2)]);
    const disabled = await members(storage, { status: 'disabled' });
    assert.deepEqual(disabled, { rows: [gone], total: exactly(1) });
    assert.deepEqual((await members(storage, { status: undefined })).total, exactly(3));
  },
  'lists: an invitation is expired from its last instant on, and only while it is pending': async (
    storage,
  ) => {
    await found(storage);
    const rows = [1, 2, 3, 4, 5].map((number) => sampleInvitation(number));
    await invite(storage, ...rows);
    const ends = ['accepted', 'declined', 'revoked'] as const;
    for (const [index, status] of ends.entries()) {
      const row = rows[index];
      if (row) await end(storage, row, status);
    }
    const count = async (status: InvitationStatus, at: number) =>
      (await invitations(storage, { status, now: at })).total.count;
    const last = now + 1000;
    assert.deepEqual([await count('pending', last - 1), await count('expired', last - 1)], [2, 0]);
    assert.deepEqual([await count('pending', last), await count('expired', last)], [0, 2]);
    for (const status of ends) assert.equal(await count(status, last), 1);
    assert.deepEqual((await invitations(storage, { now: last })).total, exactly(5));
  },
  'lists: search looks into address and name, whatever the letter case': async (storage) => {
    await found(storage);
    await join(
      storage,
      sampleMember('a', { address: 'north@example.org', name: 'West Wind' }),
      sampleMember('b', { address: 'South@Example.ORG', name: null }),
    );
    assert.deepEqual(await memberIds(storage, 'EXAMPLE.org'), ['a', 'b']);
    assert.deepEqual(await memberIds(storage, 'west w'), ['a']);
    assert.deepEqual(await memberIds(storage, 'sOUTH'), ['b']);
    assert.deepEqual(await memberIds(storage, 'east'), []);
  },
  'lists: search takes every character as itself': async (storage) => {
    await found(storage);
    const names = [
      '100% sure',
      'snake_case',
      'back\\slash',
      'wow!',
      "o'clock",
      '"quoted"',
      '[a-z]',
    ];
    await join(
      storage,
      ...names.map((name, index) => sampleMember(`user-${index}`, { name, address: `${index}@x` })),
    );
    const expected: Readonly<Record<string, string>> = {
      '%': 'user-0',
      '0% ': 'user-0',
      _: 'user-1',
      e_c: 'user-1',
      '\\': 'user-2',
      'k\\s': 'user-2',
      '!': 'user-3',
      "'": 'user-4',
      '"': 'user-5',
      '[a-z]': 'user-6',
    };
    for (const [search, userId] of Object.entries(expected)) {
      assert.deepEqual(await memberIds(storage, search), [userId], search);
    }
    for (const search of ['%sure%', '1__', '\\%', '!!', 'snakeXcase']) {
      assert.deepEqual(await memberIds(storage, search), [], search);
    }
  },
  'lists: invitations are searched by address, together with a status and on pages': async (
    storage,
  ) => {
    await found(storage);
    const addresses = ['a_1@example.com', 'a_2@example.com', 'A_3@example.com', 'ab4@example.com'];
    const rows = addresses.map((address, number) => sampleInvitation(number, { address }));
    await invite(storage, ...rows);
    for (const row of rows.slice(0, 1)) await end(storage, row, 'revoked');
    const page = await invitations(storage, { search: 'a_', status: 'pending', limit: 1 });
    assert.deepEqual(page.rows[0]?.invitation.address, 'A_3@example.com');
    assert.deepEqual(page.total, exactly(2));
    const seen = await walk(
      (after) => invitations(storage, { search: 'a_', limit: 1, after }),
      ({ invitation }) => [invitation.createdAt, invitation.id],
    );
    assert.equal(seen.length, 3);
  },
};
