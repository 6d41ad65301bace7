/**
 * What stands on `Object.prototype` is no option and no input. A vulnerable dependency of the
 * application may let a stranger set properties there; every call then does what it does without.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOrgUserManagerError, OrgUserManager } from 'org-user-manager';
import { createHandler, createUsageGuard } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { OrgUserSupport } from 'org-user-manager/support';
import { beforeAll, describe, expect, test } from 'vitest';
import { hostileFields } from './fixtures/hostile-values.ts';
import { polluted } from './fixtures/polluted.ts';
import { recordingMailer, tokenIn } from './fixtures/recording-mailer.ts';
import { repeatableRandom } from './fixtures/repeatable-random.ts';
import { account, admin, createTeam, orgId, secret } from './fixtures/team.ts';
import { adminIdentity, person } from './http/doors.ts';

/** An organization with people, an invitation, a reservation and some usage. */
async function openWorld() {
  const storage = memoryStorage();
  const random = repeatableRandom();
  const team = await createTeam(storage, { random });
  const { manager, clock } = team;
  await team.join('u_1');
  await team.join('u_2', 'admin');
  const invited = await manager.invite({ orgId, actor: admin, email: 'u_9@acme.example.com' });
  if (invited.outcome !== 'invited') throw new Error(invited.outcome);
  await manager.deliverMail();
  const reserved = await manager.reserve({ orgId, userId: 'u_1', estimate: 5 });
  if (!reserved.allowed) throw new Error(reserved.reason);
  await manager.disable({ orgId, actor: admin, userId: 'u_2' });
  clock.advance(2 * 60_000);
  return {
    ...team,
    support: new OrgUserSupport({ storage, clock, random }),
    link: tokenIn(invited.invitation.link ?? ''),
    invitationId: invited.invitation.id,
    reservation: reserved.reservation.token,
  };
}

type World = Awaited<ReturnType<typeof openWorld>>;
type Input = Readonly<Record<string, unknown>>;

const scope = { orgId, actor: admin };
const member = { ...scope, userId: 'u_1' };
const charge = { orgId, userId: 'u_1' };
const founder = { userId: 'u_f', email: 'u_f@acme.example.com' };

/** For each call, what it needs and nothing else. */
const calls: Readonly<Record<string, (world: World) => Input>> = {
  createOrganization: () => ({ orgId: 'other', name: 'Other', admin: founder }),
  organization: () => scope,
  setInvitePolicy: () => ({ ...scope, limit: {} }),
  setAllocation: () => scope,
  previewAllocation: () => scope,
  setTimeZone: () => ({ ...scope, timeZone: 'Asia/Tokyo' }),
  invite: () => ({ ...scope, email: 'u_8@acme.example.com', limit: {} }),
  bulkExtract: () => ({ ...scope, text: 'Pat <u_8@acme.example.com>, +1 415 555 2671' }),
  inviteMany: () => ({
    ...scope,
    addresses: ['u_8@acme.example.com', 'u_7@acme.example.com'],
    perAddress: { 'u_7@acme.example.com': {} },
  }),
  listInvitations: () => scope,
  resend: ({ invitationId }) => ({ ...scope, invitationId }),
  revoke: ({ invitationId }) => ({ ...scope, invitationId }),
  previewInvitation: ({ link }) => ({ token: link }),
  accept: ({ link }) => ({ token: link, account: withoutName(account('u_9')) }),
  decline: ({ link }) => ({ token: link, account: withoutName(account('u_9')) }),
  listMembers: () => scope,
  member: () => member,
  setLimit: () => member,
  previewLimit: () => member,
  promote: () => member,
  demote: () => member,
  disable: () => member,
  consume: () => charge,
  tryToConsume: () => charge,
  consumeNow: () => ({ ...charge, activity: 'search', cost: 1 }),
  reserve: () => ({ ...charge, estimate: 2 }),
  setAside: () => ({ ...charge, estimate: 2 }),
  settleReservation: ({ reservation }) => ({ token: reservation, actual: 3 }),
  record: () => ({ ...charge, units: 2 }),
  usage: () => scope,
  usageHealth: () => scope,
  usageHistory: () => scope,
};

const withoutName = ({ userId, email, emailVerified }: ReturnType<typeof account>) => ({
  userId,
  email,
  emailVerified,
});

const restore = { orgId, userId: 'u_2', operator: 'desk-1', reason: 'Ticket 7' };

/** The answer of a call, or its error. */
async function outcomeOf(call: () => unknown): Promise<unknown> {
  try {
    return (await call()) ?? 'nothing';
  } catch (error) {
    if (!isOrgUserManagerError(error)) return String(error);
    return { code: error.code, details: error.details };
  }
}

/** Everything that the manager shows, and every mail. */
async function stateOf({ manager, mailer }: World): Promise<unknown> {
  await manager.deliverMail();
  const all = { ...scope, status: 'all' } as const;
  const { items } = await manager.listMembers(all);
  const usage = items.map(({ userId }) => manager.usage({ ...scope, userId }));
  return {
    items,
    usage: await Promise.all([manager.usage(scope), ...usage]),
    invitations: await manager.listInvitations(all),
    organization: await manager.organization(scope),
    sent: mailer.sent,
  };
}

/** What a call answers and leaves behind, as text. */
async function traceOf(world: World, run: () => Promise<unknown>): Promise<string> {
  const outcome = await run();
  return JSON.stringify([outcome, await stateOf(world)]);
}

const invoke = (manager: OrgUserManager, method: string, input: unknown) =>
  outcomeOf(() => Reflect.apply(Reflect.get(manager, method), manager, [input]));

// The first call of all loads what the others have, and its mail leaves a moment later.
beforeAll(async () => {
  const options = { storage: memoryStorage(), mailer: recordingMailer(), secret };
  const manager = new OrgUserManager({ ...options, baseUrl: 'https://app.acme.example.com/org' });
  await manager.createOrganization({ orgId, name: 'Acme', admin: founder });
  await manager.invite({ orgId, actor: { userId: founder.userId }, email: 'u_1@acme.example.com' });
  await manager.deliverMail();
  await manager.close();
});

describe('a call ignores what its input inherits', () => {
  test.each(Object.entries(calls))('%s', async (method, inputOf) => {
    const first = await openWorld();
    const expected = await traceOf(first, () => invoke(first.manager, method, inputOf(first)));
    for (const field of hostileFields) {
      const world = await openWorld();
      const input = inputOf(world);
      const trace = await traceOf(world, () =>
        polluted(field, () => invoke(world.manager, method, input)),
      );
      expect([field, trace]).toEqual([field, expected]);
    }
  });

  test.each(Object.entries(calls))('%s, for a field that it needs', async (method, inputOf) => {
    const world = await openWorld();
    const input = inputOf(world);
    for (const [name, value] of Object.entries(input)) {
      const { [name]: _, ...rest } = input;
      const expected = await invoke(world.manager, method, rest);
      if (!JSON.stringify(expected).includes('invalid_input')) continue;
      for (const enumerable of [true, false]) {
        const field = { values: { [name]: value }, enumerable };
        const outcome = await polluted(field, () => invoke(world.manager, method, rest));
        expect([field, outcome]).toEqual([field, expected]);
      }
    }
  });

  test('restore', async () => {
    const first = await openWorld();
    const expected = await traceOf(first, () => outcomeOf(() => first.support.restore(restore)));
    for (const field of hostileFields) {
      const world = await openWorld();
      const trace = await traceOf(world, () =>
        polluted(field, () => outcomeOf(() => world.support.restore(restore))),
      );
      expect([field, trace]).toEqual([field, expected]);
    }
  });
});

test('schemas of objects are made in one place', () => {
  const root = join(import.meta.dirname, '..');
  const users = globSync('src/**/*.ts', { cwd: root }).filter((path) =>
    /\bz\.\w*object\(/i.test(readFileSync(join(root, path), 'utf8')),
  );
  expect(users).toEqual(['src/access/input-object.ts']);
});

describe('doors stay shut', () => {
  test.each([true, false])(
    'an inherited `role` makes no admin (enumerable: %s)',
    async (enumerable) => {
      const { manager } = await openWorld();
      const result = await polluted({ values: { role: 'admin' }, enumerable }, () =>
        manager.invite({ orgId, actor: admin, email: 'u_8@acme.example.com' }),
      );
      expect(result).toMatchObject({ outcome: 'invited', invitation: { role: 'member' } });
    },
  );

  test.each([true, false])(
    'an inherited `skip` opens no guard (enumerable: %s)',
    async (enumerable) => {
      const skip = { values: { skip: () => true }, enumerable };
      const { manager } = await openWorld();
      const verdict = await polluted(skip, async () => {
        const guard = createUsageGuard(manager, { identify: () => null });
        return guard(new Request('https://app.acme.example.com/search'));
      });
      expect(verdict).toMatchObject({ allowed: false, status: 401 });
    },
  );
});

describe('a route ignores what its body and query inherit', () => {
  const requests: readonly (readonly [method: string, path: string, body?: object])[] = [
    ['GET', '/api/me'],
    ['GET', '/api/members'],
    ['GET', '/api/members/u_1'],
    ['POST', '/api/members/u_1/set-limit', {}],
    ['POST', '/api/members/u_1/preview-limit', {}],
    ['POST', '/api/members/u_1/promote', {}],
    ['POST', '/api/members/u_1/demote', {}],
    ['POST', '/api/members/u_1/disable', {}],
    ['GET', '/api/invitations'],
    ['POST', '/api/invitations/invite', { email: 'u_8@acme.example.com' }],
    ['POST', '/api/invitations/invite-many', { addresses: ['u_8@acme.example.com'] }],
    ['POST', '/api/invitations/bulk-extract', { text: 'u_8@acme.example.com' }],
    ['POST', '/api/invitations/preview', {}],
    ['POST', '/api/invitations/accept', {}],
    ['GET', '/api/organization'],
    ['POST', '/api/organization/set-invite-policy', {}],
    ['POST', '/api/organization/set-allocation', {}],
    ['POST', '/api/organization/preview-allocation', {}],
    ['POST', '/api/organization/set-time-zone', {}],
    ['POST', '/api/organization', { name: 'Acme' }],
    ['GET', '/api/usage'],
    ['GET', '/api/usage/health'],
    ['GET', '/api/usage/history'],
    ['POST', '/api/consume', {}],
  ];
  const member = { ...person('u_1'), mayCreateOrganization: false, maySetAllocation: false };
  const identities = { admin: adminIdentity, member };

  test.each(requests.map(([method, path, body]) => ({ method, path, body })))(
    '$method $path',
    async ({ method, path, body }) => {
      for (const identity of Object.values(identities)) {
        const ask = async (
          world: World,
          pollute: (work: () => Promise<string>) => Promise<string>,
        ) => {
          const handler = createHandler(world.manager, { identify: () => identity });
          const headers = { 'content-type': 'application/json' };
          const url = `https://app.acme.example.com/org${path}`;
          const text = body === undefined ? null : JSON.stringify(body);
          const request = new Request(url, { method, headers, body: text });
          return traceOf(world, () =>
            pollute(async () => {
              const response = await handler(request);
              const { status, headers } = response;
              const text = await response.text();
              return `${status} ${headers.get('content-type')} ${text}`;
            }),
          );
        };
        const expected = await ask(await openWorld(), (work) => work());
        for (const field of hostileFields) {
          const trace = await ask(await openWorld(), (work) => polluted(field, work));
          expect([field, trace]).toEqual([field, expected]);
        }
      }
    },
  );
});
