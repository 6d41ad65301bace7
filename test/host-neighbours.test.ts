/** What an open transaction of the host holds up, call by call. */
import { Kysely, sql } from 'kysely';
import type { OrgUserManager } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { expect, onTestFinished, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { openTables, serverDialect } from './fixtures/place.ts';
import { sharedEngines } from './fixtures/places.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { describeEach } from './fixtures/servers.ts';
import type { StoredTables } from './fixtures/stored-tables.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

// One sorts before the organization of the host's transaction, and one behind it.
const neighbours = ['abbot', 'zebra'];

type Caller = Pick<
  OrgUserManager,
  'invite' | 'inviteMany' | 'resend' | 'revoke' | 'setLimit' | 'promote' | 'disable' | 'consume'
> &
  Pick<OrgUserManager, 'reserve' | 'listInvitations' | 'listMembers' | 'accept'>;

/** An organization with people and invitations for a call of each kind. */
interface Scene {
  readonly orgId: string;
  readonly invitationId: string;
  readonly token: string;
}

const addressIn = (scene: Scene, name: string) => `${name}@${scene.orgId}.example.com`;

/** Calls of each kind, of the host in its transaction and of its neighbours. */
const calls: Readonly<Record<string, (caller: Caller, scene: Scene) => Promise<unknown>>> = {
  invite: (caller, scene) =>
    caller.invite({ orgId: scene.orgId, actor: admin, email: addressIn(scene, 'new') }),
  'invite again': (caller, scene) =>
    caller.invite({ orgId: scene.orgId, actor: admin, email: addressIn(scene, 'invited') }),
  'inviteMany with a key': (caller, scene) =>
    caller.inviteMany({
      orgId: scene.orgId,
      actor: admin,
      addresses: [addressIn(scene, 'many'), addressIn(scene, 'invited')],
      idempotencyKey: 'key',
    }),
  resend: (caller, { invitationId, ...scene }) =>
    caller.resend({ orgId: scene.orgId, actor: admin, invitationId }),
  accept: (caller, scene) =>
    caller.accept({ token: scene.token, account: account('u_new', addressIn(scene, 'joining')) }),
  setLimit: (caller, scene) =>
    caller.setLimit({ orgId: scene.orgId, actor: admin, userId: 'u_1', daily: 7 }),
  promote: (caller, scene) => caller.promote({ orgId: scene.orgId, actor: admin, userId: 'u_1' }),
  disable: (caller, scene) => caller.disable({ orgId: scene.orgId, actor: admin, userId: 'u_1' }),
  revoke: (caller, { invitationId, ...scene }) =>
    caller.revoke({ orgId: scene.orgId, actor: admin, invitationId }),
  consume: (caller, scene) => caller.consume({ orgId: scene.orgId, userId: admin.userId }),
  reserve: (caller, scene) =>
    caller.reserve({ orgId: scene.orgId, userId: admin.userId, estimate: 2 }),
  lists: async (caller, scene) => {
    await caller.listInvitations({ orgId: scene.orgId, actor: admin });
    await caller.listMembers({ orgId: scene.orgId, actor: admin });
  },
};

const servers = sharedEngines().filter(({ name }) => name !== 'SQLite');

describeEach(servers)('$name', (engine) => {
  async function open(storageDeadlineMs: number) {
    const { place, drop } = await engine.create();
    onTestFinished(drop);
    if (place.engine === 'SQLite') throw new Error('a file has one writer');
    const { schema } = place;
    const db = new Kysely<StoredTables>({ dialect: serverDialect(place, { connections: 8 }) });
    const storage = { ...kyselyStorage(db, { schema }), close: () => db.destroy() };
    const options = { clock: undefined, storageDeadlineMs, resendCooldownMs: 0 };
    const { manager, mailer } = await createTeam(storage, options);
    const operator = openTables(place);
    onTestFinished(() => operator.destroy());

    async function invited(name: string, id: string) {
      const email = `${name}@${id}.example.com`;
      const result = await manager.invite({ orgId: id, actor: admin, email });
      if (result.outcome !== 'invited') throw new Error(result.outcome);
      return { email, id: result.invitation.id, token: tokenIn(result.invitation.link ?? '') };
    }

    async function createScene(id: string): Promise<Scene> {
      const founder = { userId: admin.userId, email: `admin@${id}.example.com` };
      if (id !== orgId) await manager.createOrganization({ orgId: id, name: id, admin: founder });
      const member = await invited('member', id);
      await manager.accept({ token: member.token, account: account('u_1', member.email) });
      const { token } = await invited('joining', id);
      const { id: invitationId } = await invited('invited', id);
      return { orgId: id, invitationId, token };
    }

    const own = await createScene(orgId);
    const others = await Promise.all(neighbours.map(createScene));
    /** Makes the calls of all neighbours at once; resolves with what each came to. */
    async function callNeighbours(): Promise<Readonly<Record<string, string>>> {
      const outcomes = others.flatMap((scene) =>
        Object.entries(calls).map(async ([name, call]) => [
          `${name} in ${scene.orgId}`,
          await codeOf(call(manager, scene)),
        ]),
      );
      return Object.fromEntries(await Promise.all(outcomes));
    }
    /** Makes every call in a transaction of the host, then runs the work before it is committed. */
    async function inHost(isolationLevel: 'read committed' | undefined, work: () => Promise<void>) {
      const begin = db.transaction();
      const isolated = isolationLevel ? begin.setIsolationLevel(isolationLevel) : begin;
      await isolated.execute(async (trx) => {
        for (const call of Object.values(calls)) await call(manager.using(trx), own);
        await work();
      });
    }
    return { manager, mailer, operator, callNeighbours, inHost };
  }

  test('at read committed its neighbours make every call, and get their mail', async () => {
    // However busy the machine is: no call waits for another one.
    const { manager, mailer, operator, callNeighbours, inHost } = await open(20_000);
    // The oldest mails that wait are those that the host's transaction is about to lock.
    await manager.deliverMail();
    const waiting = { state: 'queued', next_attempt_at: 0 } as const;
    await operator.updateTable('oum_mail').set(waiting).where('org_id', '=', orgId).execute();
    await inHost('read committed', async () => {
      const outcomes = await callNeighbours();
      expect(Object.entries(outcomes).filter(([, outcome]) => outcome !== 'done')).toEqual([]);
      await manager.deliverMail();
      const sent = new Set(mailer.sent.map(({ to }) => to));
      for (const id of neighbours) expect(sent).toContain(`new@${id}.example.com`);
    });
    await manager.deliverMail();
    expect(mailer.sent.map(({ to }) => to)).toContain(`new@${orgId}.example.com`);
  });

  test('at the default isolation none of their calls waits longer than the deadline', async () => {
    const { manager, operator, callNeighbours, inHost } = await open(400);
    await inHost(undefined, async () => {
      const outcomes = await callNeighbours();
      const others = Object.values(outcomes).filter((outcome) => outcome !== 'unavailable');
      expect(new Set(others)).toEqual(new Set(['done']));
      const waits =
        engine.name === 'MariaDB'
          ? sql<{ n: unknown }>`select count(*) as n from information_schema.innodb_trx
              where trx_state = 'LOCK WAIT'`
          : sql<{ n: unknown }>`select count(*) as n from pg_locks where not granted`;
      const count = async () => Number((await waits.execute(operator)).rows[0]?.n);
      await expect.poll(count, { timeout: 1000, interval: 150 }).toBe(0);
      expect(await codeOf(manager.consume({ orgId: 'zebra', userId: 'u_1' }))).not.toBe(
        'unavailable',
      );
    });
  });
});
