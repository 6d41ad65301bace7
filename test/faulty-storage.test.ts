/** Nothing is half done, whatever the storage's calls meet: the faults come from the testing kit. */
import { setTimeout } from 'node:timers/promises';
import { isOrgUserManagerError, openPolicy, type Storage } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { fakeClock, faultyStorage, InjectedFault } from 'org-user-manager/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createManager } from './fixtures/manager.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { storages } from './fixtures/storages.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

const seeds = Array.from({ length: 25 }, (_, seed) => seed);
const people = ['ann', 'bea', 'cyd', 'dee'];

/** Everything that the port shows of the organization. */
async function readAll(storage: Storage) {
  const query = { orgId, order: 'asc', limit: 100, now: 0 } as const;
  const [{ organization }, members, invitations] = await Promise.all([
    storage.load({ orgId }),
    storage.listMembers({ ...query, sort: 'joined' }),
    storage.listInvitations({ ...query, sort: 'created' }),
  ]);
  return { organization, members, invitations };
}

/** Fails if anything was done by half. */
async function expectWhole(storage: Storage) {
  const { organization, members, invitations } = await readAll(storage);
  const active = members.rows.filter(({ status }) => status === 'active');
  const admins = active.filter(({ role }) => role === 'admin').map(({ userId }) => userId);
  expect(organization?.activeMembers).toBe(active.length);
  expect(organization?.activeAdmins).toBe(admins.length);
  expect(admins.length).toBeGreaterThan(0);
  // Rows come with their mail: one without would only be counted.
  expect(invitations.rows).toHaveLength(invitations.total.count);
  const rows = invitations.rows.map(({ invitation }) => invitation);
  const pending = rows.filter(({ status }) => status === 'pending');
  expect(organization?.pendingUpperBound).toBeGreaterThanOrEqual(pending.length);
  const accepted = rows.filter(({ status }) => status === 'accepted');
  const joined = members.rows.filter(({ userId }) => userId !== admin.userId);
  expect(accepted.map(({ endedBy }) => endedBy).toSorted()).toEqual(
    joined.map(({ userId }) => userId).toSorted(),
  );
  const orphans = rows.filter(
    ({ status, role, invitedBy }) =>
      status === 'pending' && role === 'admin' && !admins.includes(invitedBy ?? ''),
  );
  expect(orphans).toEqual([]);
}

/** Runs a step; whether it met a fault. Any other failure fails the test. */
async function meetsFault(step: () => Promise<unknown>): Promise<boolean> {
  try {
    await step();
    return false;
  } catch (error) {
    // The manager wraps what its storage throws.
    const fault = isOrgUserManagerError(error, 'unavailable') ? error.cause : error;
    if (fault instanceof InjectedFault) return true;
    throw error;
  }
}

/** Repeats a step until it is through, checking after each fault; how many it met. */
async function persist(storage: Storage, step: () => Promise<unknown>): Promise<number> {
  for (let faults = 0; faults < 100; faults += 1) {
    const failed = await meetsFault(step);
    await expectWhole(storage);
    if (!failed) return faults;
  }
  throw new Error('the faults do not end');
}

/** Invites four people, two as admins, lets them accept, and disables two of them. */
async function runUnderFaults(storage: Storage, seed: number): Promise<number> {
  await createTeam(storage);
  const { manager, mailer, clock } = await createManager(faultyStorage(storage, { seed }));
  let faults = 0;
  const links = new Map<string, string>();
  for (const [index, userId] of people.entries()) {
    const { email } = account(userId);
    const role = index % 2 === 0 ? 'admin' : 'member';
    faults += await persist(storage, async () => {
      const result = await manager.invite({ orgId, actor: admin, email, role });
      if ('invitation' in result) links.set(userId, tokenIn(result.invitation.link ?? ''));
    });
  }
  for (const userId of people) {
    const token = links.get(userId) ?? '';
    faults += await persist(storage, () => manager.accept({ token, account: account(userId) }));
  }
  const [first, second] = people.map((userId) => ({ userId }));
  if (!first || !second) throw new Error('there are people');
  const email = 'guest@acme.example.com';
  faults += await persist(storage, () =>
    manager.invite({ orgId, actor: first, email, role: 'admin' }),
  );
  for (const { userId } of [first, second]) {
    faults += await persist(storage, () => manager.disable({ orgId, actor: admin, userId }));
  }
  await meetsFault(() => manager.deliverMail());

  const later = fakeClock(clock.now() + 3_600_000);
  const { manager: calm, mailer: calmMailer } = await createManager(storage, { clock: later });
  await calm.deliverMail();
  const { members, invitations } = await readAll(storage);
  expect(members.rows.filter(({ status }) => status === 'disabled')).toHaveLength(2);
  expect(invitations.rows.filter(({ mail }) => mail.state === 'queued')).toEqual([]);
  const known = [...people.map((userId) => account(userId).email), email];
  const addressees = [...mailer.sent, ...calmMailer.sent].map(({ to }) => to);
  expect(addressees.filter((to) => !known.includes(to))).toEqual([]);
  return faults;
}

test.each(storages)(
  'nothing is half done after a fault, whichever it is ($name)',
  async ({ create }) => {
    let faults = 0;
    for (const seed of seeds) faults += await runUnderFaults(create(), seed);
    expect(faults).toBeGreaterThan(seeds.length);
  },
);

/** What 30 loads meet. */
async function fatesOf(seed: number, between: (storage: Storage) => Promise<unknown>) {
  const storage = faultyStorage(memoryStorage(), { seed, rate: 0.5, faults: ['error-before'] });
  onTestFinished(() => storage.close());
  const fates: boolean[] = [];
  for (let call = 0; call < 30; call += 1) {
    fates.push(await meetsFault(async () => storage.load({ orgId })));
    await meetsFault(() => between(storage));
  }
  return fates;
}

test('a seed repeats its faults, whatever else is called in between', async () => {
  const alone = await fatesOf(7, async () => undefined);
  expect(new Set(alone)).toEqual(new Set([true, false]));
  expect(await fatesOf(7, (storage) => storage.outbox.nextDueAt())).toEqual(alone);
  expect(await fatesOf(8, async () => undefined)).not.toEqual(alone);
});

const organization = {
  orgId,
  name: 'Acme',
  timeZone: 'UTC',
  zoneChange: null,
  allocation: { daily: null, monthly: null },
  memberLimit: null,
  activeAdmins: 1,
  activeMembers: 1,
  pendingUpperBound: 0,
  invitePolicy: openPolicy,
  createdAt: 0,
};
const founder = {
  orgId,
  userId: admin.userId,
  address: 'admin@acme.example.com',
  name: null,
  phone: null,
  role: 'admin',
  status: 'active',
  limit: { daily: null, monthly: null },
  joinedAt: 0,
  invitedBy: null,
  disabledAt: null,
} as const;

test.each([
  { fault: 'error-before', operation: 'transaction', isThere: false },
  { fault: 'error-after', operation: 'transaction', isThere: true },
  { fault: 'error-before', operation: 'insertOrganization', isThere: false },
  { fault: 'error-after', operation: 'insertOrganization', isThere: false },
] as const)(
  '$fault in $operation: committed is $isThere',
  async ({ fault, operation, isThere }) => {
    const storage = memoryStorage();
    const options = { seed: 1, rate: 1, faults: [fault], operations: [operation] };
    const create = () =>
      faultyStorage(storage, options).transaction(orgId, (tx) =>
        tx.insertOrganization(organization, founder),
      );
    await expect(create()).rejects.toMatchObject({ name: 'InjectedFault', operation, fault });
    const standing = await storage.load({ orgId });
    expect(standing.organization !== undefined).toBe(isThere);
  },
);

test.each(['transaction', 'insertMails', 'load'] as const)(
  'a call whose %s is dropped ends at the deadline, and has done nothing',
  async (operation) => {
    const storage = memoryStorage();
    await createTeam(storage);
    const dropping = faultyStorage(storage, {
      seed: 1,
      rate: 1,
      faults: ['drop'],
      operations: [operation],
    });
    const { manager, clock } = await createManager(dropping, { storageDeadlineMs: 500 });
    const before = await readAll(storage);
    const call = manager.invite({ orgId, actor: admin, email: 'ann@acme.example.com' });
    const ended = vi.fn<() => void>();
    const checked = expect(call)
      .rejects.toMatchObject({ code: 'unavailable', status: 503, isRetryable: true })
      .finally(ended);
    // Long enough for an embedded storage to answer.
    await setTimeout(20);
    clock.advance(499);
    await setTimeout(1);
    expect(ended).not.toHaveBeenCalled();
    clock.advance(1);
    await checked;
    expect(await readAll(storage)).toEqual(before);
  },
);

test('delays change nothing but the time', async () => {
  const storage = faultyStorage(memoryStorage(), { seed: 1, rate: 1, faults: ['delay'] });
  const { join } = await createTeam(storage);
  await join('ann');
  expect((await storage.load({ orgId, userIds: ['ann'] })).members).toHaveLength(1);
});
