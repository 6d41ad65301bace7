/** What the background has left to do for a locked organization: what the others notice of it. */
import { setTimeout } from 'node:timers/promises';
import type { OrgUserManager, Storage } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const storageDeadlineMs = 300;
const userIds = Array.from({ length: 8 }, (_, index) => `u_${index}`);
const neighbour = { orgId: 'other', actor: admin };

/** A team beside a neighbour; each can be locked: its changes then fail at the deadline, or its charges. */
async function createLockable() {
  const storage = memoryStorage();
  const locked = new Set<string>();
  const lockedCounters = new Set<string>();
  // As a server, which gives up in time.
  async function giveUp(): Promise<never> {
    await setTimeout(storageDeadlineMs);
    throw new Error('still locked');
  }
  const lockable: Storage = {
    ...storage,
    transaction: (org, work, caller) =>
      locked.has(org) ? giveUp() : storage.transaction(org, work, caller),
    rateLimits: {
      ...storage.rateLimits,
      consume: (request) =>
        lockedCounters.has(request.partition) ? giveUp() : storage.rateLimits.consume(request),
    },
  };
  const options = { clock: undefined, storageDeadlineMs, pendingInvitationLimit: null };
  const team = await createTeam(lockable, options);
  const { manager, join } = team;
  await manager.createOrganization({
    orgId: neighbour.orgId,
    name: 'Other',
    admin: { ...admin, email: 'admin@other.example.com' },
  });
  for (const userId of userIds) {
    await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId, daily: 1 });
  }
  await manager.setLimit({ ...neighbour, userId: admin.userId, daily: 1 });
  await manager.deliverMail();
  const told: string[] = [];
  manager.on(
    'usage.threshold_reached',
    (event) => void told.push(`${event.orgId} ${event.userId}`),
  );
  return { ...team, locked, lockedCounters, told };
}

/** Every member uses what they have, while nobody can be told. */
async function useUp(manager: OrgUserManager): Promise<void> {
  await Promise.all(userIds.map((userId) => manager.consume({ orgId, userId })));
}

async function timeOf(call: Promise<void>): Promise<number> {
  const start = performance.now();
  await call;
  return performance.now() - start;
}

test('mails of others do not wait for them, and one of them is tried at a time', async () => {
  const { manager, mailer, locked, told } = await createLockable();
  locked.add(orgId);
  await useUp(manager);
  const looking = timeOf(manager.deliverMail());
  mailer.sent.length = 0;
  await manager.invite({ ...neighbour, email: 'ann@other.example.com' });
  await expect
    .poll(() => mailer.sent.length, { timeout: storageDeadlineMs / 2, interval: 10 })
    .toBe(1);
  // What was begun, and once more for the mail.
  expect(await looking).toBeLessThan(4 * storageDeadlineMs);
  locked.clear();
  await manager.deliverMail();
  await manager.deliverMail();
  const all = userIds.flatMap((userId) => [`${orgId} ${userId}`, `${orgId} ${userId}`]);
  expect(told.toSorted()).toEqual(all.toSorted());
});

test('the end waits for one of them, and those of others are told', async () => {
  const { manager, locked, told } = await createLockable();
  locked.add(orgId);
  locked.add(neighbour.orgId);
  await useUp(manager);
  await manager.consume({ orgId: neighbour.orgId, userId: admin.userId });
  locked.delete(neighbour.orgId);
  const looking = manager.deliverMail();
  expect(await timeOf(manager.close())).toBeLessThan(3 * storageDeadlineMs);
  await looking;
  expect(told).toEqual(Array(2).fill(`${neighbour.orgId} ${admin.userId}`));
});

test('nor do they wait for expired reservations whose counters are locked', async () => {
  const { manager, mailer, lockedCounters } = await createLockable();
  for (const userId of userIds) {
    const { allowed } = await manager.reserve({ orgId, userId, estimate: 1, ttlMs: 1000 });
    expect(allowed).toBe(true);
  }
  await manager.deliverMail();
  mailer.sent.length = 0;
  lockedCounters.add(orgId);
  await setTimeout(1100);
  const looking = timeOf(manager.deliverMail());
  await manager.invite({ ...neighbour, email: 'ann@other.example.com' });
  await expect
    .poll(() => mailer.sent.length, { timeout: storageDeadlineMs / 2, interval: 10 })
    .toBe(1);
  expect(await looking).toBeLessThan(4 * storageDeadlineMs);
  lockedCounters.clear();
  await manager.deliverMail();
  const used = userIds.map(async (userId) => {
    const { windows } = await manager.usage({ orgId, actor: admin, userId });
    return windows[0]?.used;
  });
  expect(await Promise.all(used)).toEqual(userIds.map(() => 0));
});
