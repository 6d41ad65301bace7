/** No hot query reads a table from end to end, however many members and invitations there are. */
import type { CompiledQuery } from 'kysely';
import { OrgUserManager } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secret } from '../fixtures/manager.ts';
import { tokenIn } from '../fixtures/recording-mailer.ts';
import { describeEach } from '../fixtures/servers.ts';
import { bigOrgId, fillCrowd, later, now, smallOrgIds } from './crowd.ts';
import { type ExplainingEngine, explainingEngines } from './engines.ts';

const orgId = bigOrgId;
const actor = { userId: 'u_founder' };
const account = (name: string) => ({
  userId: `u_${name}`,
  email: `${name}@acme.example.com`,
  emailVerified: true,
});

async function createStage(engine: ExplainingEngine) {
  const captured: CompiledQuery[] = [];
  const db = await engine.open((query) => captured.push(query));
  const storage = kyselyStorage(db);
  // Delivery would read the outbox in the background; it is called by itself below.
  const outbox = {
    claim: async () => [],
    settle: async () => undefined,
    nextDueAt: async () => undefined,
  };
  const managerAt = (instant: number, pendingInvitationLimit: number) =>
    new OrgUserManager({
      storage: { ...storage, outbox },
      mailer: { send: async () => undefined },
      secret,
      baseUrl: 'https://app.acme.example.com/org',
      pendingInvitationLimit,
      resendCooldownMs: 0,
      clock: { now: () => instant, schedule: () => () => undefined },
    });
  const manager = managerAt(now, 1_000_000);
  if (!engine.isFilled?.()) {
    await manager.migrate();
    const admin = { userId: actor.userId, email: 'founder@acme.example.com' };
    for (const id of [orgId, ...smallOrgIds]) {
      await manager.createOrganization({ orgId: id, name: id, admin });
    }
    await fillCrowd(db, engine.rows);
  }
  await engine.settle(db);

  /** The statements of a call, each with its plan; those of the transaction have none. */
  async function explain(call: () => Promise<unknown>) {
    captured.length = 0;
    await call();
    const statements = captured.filter(
      ({ sql: text }) => !/^(begin|start transaction.*|commit|rollback)$/.test(text),
    );
    const explained = [];
    for (const statement of statements) {
      explained.push({ sql: statement.sql, ...(await engine.explain(db, statement)) });
    }
    expect(explained.length).toBe(statements.length);
    expect(explained.length).toBeGreaterThan(0);
    return explained;
  }

  return { db, storage, manager, managerAt, explain };
}

type Stage = Awaited<ReturnType<typeof createStage>>;

describeEach(explainingEngines)('$name', (engine) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await createStage(engine);
  }, 120_000);
  afterAll(async () => {
    await stage?.db.destroy();
    await engine.drop();
  });

  async function invited(name: string) {
    const result = await stage.manager.invite({ orgId, actor, email: account(name).email });
    if (result.outcome !== 'invited') throw new Error(result.outcome);
    return { ...result.invitation, token: tokenIn(result.invitation.link ?? '') };
  }

  test('no call reads a table, or all members of an organization', async () => {
    const { manager, storage, explain } = stage;
    const [sam, kim, lee] = [await invited('sam'), await invited('kim'), await invited('lee')];
    const member = { orgId, actor, userId: 'u_1000002' };
    const lease = { claimId: 'claim', now, leaseUntil: now + 1000, limit: 10 };
    const outcome = { state: 'sent', lastError: null, nextAttemptAt: now } as const;
    const window = { id: '2027-01-15', endsAt: now + 1000 };
    const reservation = {
      id: crypto.randomUUID(),
      orgId,
      userId: member.userId,
      activity: 'total',
      estimate: 1,
      day: window,
      month: { ...window, id: '2027-01' },
      expiresAt: now + 1000,
    };
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      invite: () => invited('pat'),
      inviteAgain: () => manager.invite({ orgId, actor, email: account('sam').email }),
      inviteMany: () =>
        manager.inviteMany({
          orgId,
          actor,
          addresses: ['a@acme.example.com', account('kim').email],
        }),
      bulkExtract: () =>
        manager.bulkExtract({
          orgId,
          actor,
          text: 'b@acme.example.com, u_1000003@acme.example.com',
        }),
      previewInvitation: () => manager.previewInvitation({ token: sam.token }),
      resend: () => manager.resend({ orgId, actor, invitationId: sam.id }),
      accept: () => manager.accept({ token: sam.token, account: account('sam') }),
      acceptAgain: () => manager.accept({ token: sam.token, account: account('sam') }),
      decline: () => manager.decline({ token: kim.token, account: account('kim') }),
      revoke: () => manager.revoke({ orgId, actor, invitationId: lee.id }),
      member: () => manager.member(member),
      promote: () => manager.promote(member),
      demote: () => manager.demote(member),
      setLimit: () => manager.setLimit({ ...member, daily: 1 }),
      consume: () => manager.consume({ orgId, userId: member.userId }),
      consumeTooMuch: () => manager.consume({ orgId, userId: member.userId }),
      usage: () => manager.usage({ orgId, actor }),
      usageOfOne: () => manager.usage(member),
      usageHealth: () => manager.usageHealth({ orgId: smallOrgIds[0] ?? '', actor }),
      demoteInviter: () => manager.demote({ ...member, userId: 'u_1000001' }),
      disable: () => manager.disable({ ...member, userId: 'u_1000001' }),
      disableAndKeep: () =>
        manager.disable({ ...member, userId: 'u_1000101', keepInvitations: true }),
      inviteKeyed: () =>
        manager.inviteMany({
          orgId,
          actor,
          addresses: ['k@acme.example.com'],
          idempotencyKey: 'k',
        }),
      // The same call again: its answer is found under its key.
      inviteKeyedAgain: () =>
        manager.inviteMany({
          orgId,
          actor,
          addresses: ['k@acme.example.com'],
          idempotencyKey: 'k',
        }),
      insertReservation: () => storage.reservations.insert(reservation),
      findExpired: () => storage.reservations.findExpired({ orgId, now, limit: 10 }),
      findExpiredAnywhere: () => storage.reservations.findExpired({ now, limit: 10 }),
      nextExpiryAt: () => storage.reservations.nextExpiryAt(),
      removeReservation: () => storage.reservations.remove(reservation.id),
      sweep: async () => storage.rateLimits.sweep?.(),
      claim: () => storage.outbox.claim(lease),
      settle: () => storage.outbox.settle({ invitationId: sam.id, number: 1 }, 'claim', outcome),
      nextDueAt: () => storage.outbox.nextDueAt(),
    };
    const readsAllMembers = ['usageHealth'];
    for (const [name, call] of Object.entries(calls)) {
      const statements = await explain(call);
      const bad = statements.filter(
        ({ scans, whole }) =>
          scans.length > 0 || (whole.length > 0 && !readsAllMembers.includes(name)),
      );
      expect([name, bad]).toEqual([name, []]);
    }
  });

  test('disabling reads the usable invitations of that inviter, and no other', async () => {
    const { manager, explain } = stage;
    const inviter = { orgId, actor, userId: 'u_1000201' };
    await manager.inviteMany({
      orgId,
      actor: { userId: inviter.userId },
      addresses: Array.from({ length: 20 }, (_, index) => account(`leaving-${index}`).email),
    });
    const statements = await explain(() => manager.disable(inviter));
    const reads = statements.filter(({ sql }) => /^select.* from \S*oum_invitation/.test(sql));
    expect(reads.map(({ plan, inviters }) => [plan, inviters])).toEqual([[reads[0]?.plan, true]]);
  });

  const orders = ['asc', 'desc'] as const;
  const lists = [
    ...(['joined', 'name'] as const).flatMap((sort) =>
      orders.flatMap((order) =>
        (
          [
            {},
            { status: 'disabled' },
            { status: 'all' },
            { role: 'admin' },
            { role: 'member', status: 'all' },
          ] as const
        ).map((filter) => ({ list: 'listMembers' as const, view: { sort, order, ...filter } })),
      ),
    ),
    ...(['created', 'address'] as const).flatMap((sort) =>
      orders.flatMap((order) =>
        (
          [
            {},
            { status: 'expired' },
            { status: 'accepted' },
            { status: 'all' },
            { role: 'admin' },
          ] as const
        ).map((filter) => ({ list: 'listInvitations' as const, view: { sort, order, ...filter } })),
      ),
    ),
  ];
  type View = (typeof lists)[number];

  const read = (
    { list, view }: View,
    page: { limit?: number; cursor?: string; search?: string },
    org = orgId,
  ) =>
    list === 'listMembers'
      ? stage.manager.listMembers({ orgId: org, actor, ...view, ...page })
      : stage.manager.listInvitations({ orgId: org, actor, ...view, ...page });

  async function nextCursor(view: View): Promise<string> {
    const { nextCursor: cursor } = await read(view, { limit: 100 });
    if (!cursor) throw new Error('there is only one page');
    return cursor;
  }

  test.each(lists)('$list $view comes from an index, without sorting', async (view) => {
    const cursor = await nextCursor(view);
    const isOfRole = Object.hasOwn(view.view, 'role');
    for (const page of [{}, { cursor }]) {
      const statements = await stage.explain(() => read(view, page));
      for (const { plan, scans, sorts, unbounded, most } of statements) {
        expect({ plan, scans, sorts, unbounded }).toEqual({
          plan,
          scans: [],
          sorts: [],
          unbounded: [],
        });
        // One more than is counted. A role is looked for in an index from end to end.
        if (!isOfRole) expect([plan, most]).toEqual([plan, Math.min(most, 10_001)]);
      }
      if ('cursor' in page) {
        expect([statements, statements.some(({ seeks }) => seeks)]).toEqual([statements, true]);
      }
    }
  });

  test('20 usable invitations are listed and counted without the 50,000 that have expired', async () => {
    const { managerAt, explain } = stage;
    const late = managerAt(later, 1000);
    const readsInvitations = ({ sql }: { readonly sql: string }) =>
      /^\s*select.* from \S*oum_invitation/s.test(sql);
    const usable = Math.ceil(engine.rows / 10_002);
    for (const sort of ['created', 'address'] as const) {
      for (const order of orders) {
        const call = { orgId, actor, sort, order };
        expect(await late.listInvitations(call)).toMatchObject({
          total: { count: usable, exact: true },
        });
        const statements = await explain(() => late.listInvitations(call));
        const reads = statements.filter(readsInvitations);
        expect(reads.map(({ plan, aged }) => [plan, aged])).toEqual([[reads[0]?.plan, true]]);
      }
    }
    // What is pending is counted when all that have been invited could be more than the limit.
    const statements = await explain(() =>
      late.invite({ orgId, actor, email: account('late').email }),
    );
    const counts = statements.filter(({ sql }) => /count\(.*oum_invitation/.test(sql));
    expect(counts.map(({ plan, aged }) => [plan, aged])).toEqual([[counts[0]?.plan, true]]);
  });

  test('a search looks at no other organization', async () => {
    const [small = ''] = smallOrgIds;
    for (const view of lists) {
      for (const statement of await stage.explain(() => read(view, { search: 'e' }, small))) {
        const { plan, scans, unbounded } = statement;
        expect({ plan, scans, unbounded }).toEqual({ plan, scans: [], unbounded: [] });
      }
    }
  });
});
