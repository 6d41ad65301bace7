/** Lists of more rows than are sorted to find a page, and of more than are counted. */
import type { Invitation, Member, Page, Storage } from 'org-user-manager';
import { createHandler } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { describeEach } from './fixtures/servers.ts';
import { loggedStorages, storages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

/** A team whose mails stay in the outbox: there are thousands. */
function openTeam(storage: Storage) {
  const outbox = {
    claim: async () => [],
    settle: async () => undefined,
    nextDueAt: async () => undefined,
  };
  const options = { bulkAddressLimit: 1000, pendingInvitationLimit: null };
  return createTeam({ ...storage, outbox }, options);
}

/** Every item of a list, whose total has to be the same on each page. */
async function allPages<Item>(read: (cursor?: string) => Promise<Page<Item>>) {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Item> = await read(cursor);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
    if (!cursor) expect(page.total).toEqual({ count: items.length, exact: true });
  } while (cursor);
  return items;
}

// PGlite does what PostgreSQL does, more slowly.
const engines = loggedStorages(() => undefined).filter(({ name }) => name !== 'PGlite');

describeEach(engines)('on $name', ({ create }) => {
  test('invitations are the same below and above the number of rows that are sorted', async () => {
    const { manager, clock } = await openTeam(create());
    const day = 24 * 3_600_000;
    // They expire in this order. Beside the others 1,002, 1,001, 1,000, 2 and 1 are usable.
    const batches = [1, 1, 998, 1, 1];
    for (const [batch, size] of batches.entries()) {
      const addresses = Array.from({ length: size }, (_, index) => {
        const shuffled = String((index * 617) % 1009).padStart(4, '0');
        return `p${shuffled}-${batch}@acme.example.com`;
      });
      await manager.inviteMany({ orgId, actor: admin, addresses });
      clock.advance(1000);
    }
    clock.advance(7 * day - batches.length * 1000 - 1);
    const views = [
      { sort: 'created', order: 'desc' },
      { sort: 'address', order: 'asc' },
      { sort: 'created', order: 'asc' },
      { sort: 'address', order: 'desc' },
    ] as const;
    for (const view of views) {
      const list = (query: object) =>
        allPages((cursor) =>
          manager.listInvitations({ orgId, actor: admin, limit: 200, ...view, ...query, cursor }),
        );
      const all = await list({ status: 'all' });
      expect(all).toHaveLength(1002);
      for (const status of ['pending', 'expired'] as const) {
        const expected = all.filter((item) => item.status === status);
        expect(await list({ status })).toEqual(expected);
      }
      const found = all.filter(({ address, status }) => status === 'pending' && /7/.test(address));
      expect(await list({ status: 'pending', search: '7' })).toEqual(found);
      expect(await list({ status: 'all', search: '@ACME' })).toEqual(all);
      clock.advance(1000);
    }
  });

  test('members are the same, whether a search finds more or fewer than are sorted', async () => {
    const { manager, storage } = await openTeam(create());
    await storage.transaction(orgId, async (tx) => {
      for (let index = 0; index < 1001; index += 1) await tx.insertMember(sampleMember(index));
    });
    for (const sort of ['joined', 'name'] as const) {
      const list = (search?: string) =>
        allPages((cursor) =>
          manager.listMembers({ orgId, actor: admin, limit: 200, sort, search, cursor }),
        );
      const all = await list();
      expect(all).toHaveLength(1002);
      for (const [search, count] of Object.entries({
        '@': 1002,
        u_: 1001,
        person: 1000,
        on_9: 0,
      })) {
        const found = all.filter(({ address, name }) =>
          [address, name ?? ''].some((text) => text.toLowerCase().includes(search)),
        );
        expect(found).toHaveLength(count);
        expect(await list(search)).toEqual(found);
      }
    }
  });
});

describeEach(storages)('more than are counted, on $name', ({ create }) => {
  test('are not exact, unless the call asks for it', async () => {
    const { manager, storage } = await openTeam(create());
    await invite(storage, 10_001);
    const list = { orgId, actor: admin, limit: 200 };
    const atLeast = { count: 10_000, exact: false };
    const exactly = (count: number) => ({ count, exact: true });
    const views = [{}, { sort: 'address' }, { status: 'all' }, { search: 'P' }] as const;
    for (const view of views) {
      const page = await manager.listInvitations({ ...list, ...view });
      expect(page.total).toEqual(atLeast);
      const cursor = page.nextCursor ?? '';
      const next = await manager.listInvitations({ ...list, ...view, cursor, exactTotal: true });
      expect([next.total, next.items.length]).toEqual([exactly(10_001), 200]);
      const again = await manager.listInvitations({ ...list, ...view, cursor, exactTotal: false });
      expect(again).toEqual({ ...next, total: atLeast });
    }
    expect((await manager.listInvitations({ ...list, search: 'p1234' })).total).toEqual(exactly(1));
    const { items } = await manager.listInvitations(list);
    await manager.revoke({ orgId, actor: admin, invitationId: items[0]?.id ?? '' });
    expect((await manager.listInvitations(list)).total).toEqual(exactly(10_000));
  });
});

test('over HTTP an exact total is asked for by name', async () => {
  const { manager, storage } = await openTeam(memoryStorage());
  await invite(storage, 10_001);
  const account = { ...admin, orgId, email: 'admin@acme.example.com', emailVerified: true };
  const handler = createHandler(manager, { identify: () => account });
  const total = async (query: string) => {
    const url = `https://app.acme.example.com/org/api/invitations?limit=1${query}`;
    const response = await handler(new Request(url));
    return [response.status, Object(await response.json()).total];
  };
  expect(await total('')).toEqual([200, { count: 10_000, exact: false }]);
  expect(await total('&exactTotal=false')).toEqual([200, { count: 10_000, exact: false }]);
  expect(await total('&exactTotal=true')).toEqual([200, { count: 10_001, exact: true }]);
  expect(await total('&exactTotal=yes')).toEqual([400, undefined]);
});

/** Invites so many, in fewer steps than the call would need. */
async function invite(storage: Storage, howMany: number): Promise<void> {
  const invitations = Array.from({ length: howMany }, (_, index) => sampleInvitation(index));
  await storage.transaction(orgId, async (tx) => {
    await tx.insertInvitations(invitations);
    await tx.insertMails(
      invitations.map(({ id, createdAt }) => ({
        orgId,
        invitationId: id,
        number: 1,
        state: 'sent',
        attempts: 1,
        nextAttemptAt: createdAt,
        lastError: null,
        createdAt,
      })),
    );
  });
}

function sampleInvitation(index: number): Invitation {
  const createdAt = Date.parse('2026-11-20T10:00:00Z') + index;
  return {
    id: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    orgId,
    address: `p${index}@acme.example.com`,
    role: 'member',
    limit: { daily: null, monthly: null },
    name: null,
    phone: null,
    status: 'pending',
    generation: 1,
    invitedBy: null,
    createdAt,
    expiresAt: createdAt + 30 * 24 * 3_600_000,
    sendCount: 1,
    lastSendAt: createdAt,
    endedAt: null,
    endedBy: null,
  };
}

/** Most of them are called alike. */
function sampleMember(index: number): Member {
  return {
    orgId,
    userId: `u_${index}`,
    address: `u_${index}@acme.example.com`,
    name: index === 0 ? 'Sam' : `Person ${index}`,
    phone: null,
    role: 'member',
    status: 'active',
    limit: { daily: null, monthly: null },
    joinedAt: Date.parse('2026-11-20T10:00:00Z') - (index % 7),
    invitedBy: null,
    disabledAt: null,
  };
}
