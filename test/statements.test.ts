import type { OrgUserManagerOptions, Reservation, StorageTransaction } from 'org-user-manager';
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
    await join('u_5', 'admin');
    await join('u_6', 'admin');
    for (const userId of ['u_5', 'u_6']) {
      const addresses = people(userId, 20);
      await manager.inviteMany({ orgId, actor: { userId }, addresses, role: 'admin' });
    }
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
      'disable, 20 invitations pending': () => manager.disable({ ...list, userId: 'u_5' }),
      'disable, 20 invitations kept': () =>
        manager.disable({ ...list, userId: 'u_6', keepInvitations: true }),
      'disable, disabled already': () => manager.disable({ ...list, userId: 'u_6' }),
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
      'disable, 20 invitations pending': 7,
      'disable, 20 invitations kept': 7,
      'disable, disabled already': 2,
      consume: 2,
      'consume, reaching a share of the limit': 5,
      'consume, refused': 3,
      reserve: 3,
      settle: 2,
    });
  });

  test('only the first call of a storage looks at the settings and the schema', async () => {
    const storage = engine.create();
    await storage.migrate();
    const taken = async (call: () => Promise<unknown>) => {
      statements.length = 0;
      await call();
      return statements.filter((sql) => !isOfTransaction(sql)).length;
    };
    const read = async () => storage.load({ orgId, userIds: [admin.userId] });
    const change = () => storage.transaction(orgId, (tx) => tx.countPending(orgId, 0));
    const [firstRead, nextRead] = [await taken(read), await taken(read)];
    const [firstChange, nextChange] = [await taken(change), await taken(change)];
    // SQLite has a statement for each of five settings; MariaDB is asked for its version.
    expect([firstRead - nextRead, firstChange - nextChange]).toEqual([
      engine.name === 'SQLite' ? 7 : 3,
      engine.name === 'MariaDB' ? 1 : 0,
    ]);
    await storage.close?.();
  });

  test('the server is told when to give up without a statement of its own', async () => {
    const { manager, statementsOf } = await loggedTeam(engine);
    const member = { orgId, userId: admin.userId };
    await manager.consume(member);
    const change = await statementsOf(() =>
      manager.setLimit({ ...member, actor: admin, daily: 10 }),
    );
    const charge = await statementsOf(() => manager.consume(member));
    // The organization, what the change needs, the member, the audit log.
    expect([change.length, charge.length]).toEqual([4, 2]);
    const tellsTimeout = (sql: string) => /lock_timeout|max_statement_time/.test(sql);
    const isTold = engine.name !== 'SQLite';
    expect([change[0], charge[1]].map((sql) => tellsTimeout(String(sql)))).toEqual([
      isTold,
      // Planning it would take PostgreSQL too long.
      engine.name === 'MariaDB',
    ]);
  });

  test('a link that has ended takes the statements of an unknown one', async () => {
    const { manager, statementsOf, invite } = await loggedTeam(engine);
    const result = await invite('p@acme.example.com');
    if (result.outcome !== 'invited') throw new Error(result.outcome);
    const { id, link } = result.invitation;
    const token = tokenIn(link ?? '');
    // The same id, with a proof that is not its own.
    const forged = `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    await manager.revoke({ orgId, actor: admin, invitationId: id });
    for (const person of [account('p'), account('u_9')]) {
      for (const verb of ['accept', 'decline'] as const) {
        const refused = (given: string) =>
          statementsOf(() =>
            expect(manager[verb]({ token: given, account: person })).rejects.toMatchObject({
              code: 'invitation_unusable',
            }),
          );
        const taken = await refused(token);
        expect(taken).toEqual(await refused(forged));
        expect(taken).toHaveLength(1);
      }
    }
  });

  test('each write of a transaction takes the organization first when it is the first', async () => {
    const { storage, join, invite } = await loggedTeam(engine);
    await join('u_1');
    const result = await invite('p@acme.example.com');
    const id = 'invitation' in result ? result.invitation.id : '';
    const found = await storage.load({ orgId, userIds: ['u_1'], invitationIds: [id] });
    const [member] = found.members;
    const [row] = found.invitations;
    const { organization } = found;
    if (!member || !row || !organization) throw new Error('all of them are there');
    const { invitation, mail } = row;
    const theirs = { orgId, userId: 'u_1', now: 0 };
    const kept = { orgId, key: 'k', request: 'r', answer: '[]', expiresAt: 1 };
    const entry = { orgId, at: 1, actor: null, action: 'x', subject: 'u_1', reason: null };
    const writes: Readonly<Record<string, (tx: StorageTransaction) => Promise<unknown>>> = {
      insertOrganization: (tx) => tx.insertOrganization(organization, member),
      insertMember: (tx) => tx.insertMember(member),
      updateMember: (tx) => tx.updateMember(member, member),
      insertInvitations: (tx) => tx.insertInvitations([invitation]),
      deleteUnmailedInvitations: (tx) => tx.deleteUnmailedInvitations(orgId, [id]),
      updateInvitation: (tx) => tx.updateInvitation(invitation, invitation),
      replaceInvitations: (tx) => tx.replaceInvitations([invitation]),
      revokeInvitationsOf: (tx) => tx.revokeInvitationsOf(theirs, null),
      reassignInvitationsOf: (tx) => tx.reassignInvitationsOf(theirs, null),
      countPending: (tx) => tx.countPending(orgId, 0),
      updateOrganization: (tx) => tx.updateOrganization(organization),
      findAnswer: (tx) => tx.findAnswer({ orgId, key: 'k' }, 0),
      keepAnswer: (tx) => tx.keepAnswer(kept, 0),
      insertMails: (tx) => tx.insertMails([{ ...mail, number: 2 }]),
      insertAuditEntries: (tx) => tx.insertAuditEntries([{ ...entry, id: crypto.randomUUID() }]),
    };
    for (const [name, write] of Object.entries(writes)) {
      statements.length = 0;
      await storage.transaction(orgId, write);
      const [first] = statements.filter((sql) => !isOfTransaction(sql));
      expect([name, first]).toEqual([name, expect.stringMatching(/^update \S*oum_organization/)]);
    }
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
    const list = (search?: string) => () =>
      manager.listInvitations({ orgId, actor: admin, search });
    taken.listed = [await count(list())];
    taken.found = [await count(list('b999')), await count(list('acme'))];
    expect(taken).toEqual({
      new: [5, 5],
      known: [4, 4],
      // Which ones were left out has to be asked.
      mixed: [7],
      renewed: [8, 8],
      keyed: [9, 9],
      repeated: [4, 4],
      policy: [7, 7],
      listed: [2],
      // One more where a search finds more than 1,000.
      found: [2, 3],
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
