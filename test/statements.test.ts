import type { OrgUserManagerOptions, Reservation } from 'org-user-manager';
import { expect, test } from 'vitest';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { describeEach } from './fixtures/servers.ts';
import { loggedStorages, type StorageUnderTest } from './fixtures/storages.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

const statements: string[] = [];
const engines = loggedStorages(({ query }) => {
  statements.push(query.sql);
});

const isOfTransaction = (sql: string) => /^(begin|start transaction.*|commit|rollback)$/.test(sql);
const people = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}@acme.example.com`);

async function loggedTeam(
  { create }: StorageUnderTest,
  options: Partial<OrgUserManagerOptions> = {},
) {
  // The background reads the outbox and looks for expired reservations; its statements are not the
  // calls'.
  const outbox = {
    claim: async () => [],
    settle: async () => undefined,
    nextDueAt: async () => undefined,
  };
  const storage = create();
  const reservations = { ...storage.reservations, nextExpiryAt: async () => undefined };
  const { consume, get } = storage.rateLimits;
  const rateLimits = { consume, get };
  const team = await createTeam({ ...storage, outbox, reservations, rateLimits }, options);
  /** The statements that a call takes, what begins and ends a transaction left out. */
  async function statementsOf(call: () => Promise<unknown>): Promise<readonly string[]> {
    statements.length = 0;
    await call();
    return statements.filter((sql) => !isOfTransaction(sql));
  }
  const invite = (email: string) => team.manager.invite({ orgId, actor: admin, email });
  const inviteMany = (addresses: readonly string[]) =>
    team.manager.inviteMany({ orgId, actor: admin, addresses });
  return { ...team, statementsOf, invite, inviteMany };
}

const countsPending = (sql: string) => /count\(.*oum_invitation/.test(sql);

describeEach(engines)('statements on $name', (engine) => {
  test('each call takes a few, outbox and audit log included', async () => {
    const { manager, statementsOf, invite, join } = await loggedTeam(engine);
    await join('u_1');
    await join('u_2', 'admin');
    const result = await invite('u_4@acme.example.com');
    const link = 'invitation' in result ? (result.invitation.link ?? '') : '';
    const list = { orgId, actor: admin };
    // The first charge of a process asks MariaDB for its version.
    await manager.consume({ orgId, userId: admin.userId });
    let reservation: Reservation | undefined;
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      invite: () => invite('u_3@acme.example.com'),
      'invite, invited already': () => invite('u_3@acme.example.com'),
      'invite, a member already': () => invite('u_1@acme.example.com'),
      accept: () => manager.accept({ token: tokenIn(link), account: account('u_4') }),
      listInvitations: () => manager.listInvitations(list),
      listMembers: () => manager.listMembers(list),
      setLimit: () => manager.setLimit({ ...list, userId: 'u_1', daily: 10 }),
      previewLimit: () => manager.previewLimit({ ...list, userId: 'u_1', daily: 1 }),
      usageHealth: () => manager.usageHealth(list),
      disable: () => manager.disable({ ...list, userId: 'u_2' }),
      consume: () => manager.consume({ orgId, userId: 'u_1' }),
      'consume, reaching a share of the limit': () =>
        manager.consume({ orgId, userId: 'u_1', cost: 8 }),
      'consume, refused': () => manager.consume({ orgId, userId: 'u_1', cost: 2 }),
      reserve: async () => {
        const decision = await manager.reserve({ orgId, userId: admin.userId, estimate: 2 });
        if (decision.allowed) reservation = decision.reservation;
      },
      settle: async () => reservation?.commit(1),
    };
    const taken: Record<string, number> = {};
    for (const [name, call] of Object.entries(calls)) {
      taken[name] = (await statementsOf(call)).length;
    }
    expect(taken).toEqual({
      invite: 5,
      'invite, invited already': 4,
      'invite, a member already': 4,
      accept: 6,
      listInvitations: 2,
      // The third one reads what the members used.
      listMembers: 3,
      setLimit: 4,
      previewLimit: 2,
      usageHealth: 3,
      disable: 6,
      consume: 2,
      'consume, reaching a share of the limit': 5,
      'consume, refused': 3,
      reserve: 3,
      settle: 2,
    });
  });

  test('inviting takes the same ones however many are pending, and counts none', async () => {
    const { statementsOf, invite, inviteMany } = await loggedTeam(engine);
    const alone = await statementsOf(() => invite('first@acme.example.com'));
    await inviteMany(people('p', 300));
    const among = await statementsOf(() => invite('last@acme.example.com'));
    expect(among).toEqual(alone);
    expect(among.filter(countsPending)).toEqual([]);
    expect(await statementsOf(() => inviteMany(people('q', 300)))).toHaveLength(among.length);
  });

  test('a bulk invitation takes the same number for 1 and for 1,000 addresses', async () => {
    const { manager, clock, statementsOf } = await loggedTeam(engine, {
      bulkAddressLimit: 1000,
      pendingInvitationLimit: null,
    });
    const many = (addresses: readonly string[], idempotencyKey?: string) => () =>
      manager.inviteMany({ orgId, actor: admin, addresses, idempotencyKey });
    const count = async (call: () => Promise<unknown>) => (await statementsOf(call)).length;
    const [one, thousand] = [people('a', 1), people('b', 1000)];
    const taken: Record<string, readonly number[]> = {};
    taken.new = [await count(many(one)), await count(many(thousand))];
    taken.known = [await count(many(one)), await count(many(thousand))];
    const half = [...people('b', 500), ...people('c', 500)];
    taken.mixed = [await count(many(half))];
    clock.advance(7 * 24 * 3_600_000);
    taken.renewed = [await count(many(one)), await count(many(thousand))];
    taken.keyed = [
      await count(many(people('d', 1), 'x')),
      await count(many(people('e', 999), 'y')),
    ];
    taken.repeated = [
      await count(many(people('d', 1), 'x')),
      await count(many(people('e', 999), 'y')),
    ];
    await manager.setInvitePolicy({ orgId, actor: admin, role: 'admin' });
    taken.policy = [await count(many(people('f', 1))), await count(many(people('g', 1000)))];
    expect(taken).toEqual({
      new: [5, 5],
      known: [4, 4],
      // Which ones were left out has to be asked.
      mixed: [7],
      renewed: [8, 8],
      keyed: [9, 9],
      repeated: [4, 4],
      policy: [7, 7],
    });
  });

  test('what is pending is counted when there may be no room, and then not for a while', async () => {
    const { manager, statementsOf, invite, inviteMany } = await loggedTeam(engine, {
      pendingInvitationLimit: 4,
    });
    await inviteMany(people('p', 4));
    const { items } = await manager.listInvitations({ orgId, actor: admin });
    for (const { id } of items) await manager.revoke({ orgId, actor: admin, invitationId: id });
    const counts: number[] = [];
    for (const address of people('q', 5)) {
      const taken = await statementsOf(() => invite(address));
      counts.push(taken.filter(countsPending).length);
    }
    expect(counts).toEqual([1, 0, 0, 0, 1]);
  });
});
