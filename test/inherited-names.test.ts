/**
 * Every name that the library's own code reads as a property stands on `Object.prototype` for a while.
 * Each main call then does what it does without. Under a few names the runtime itself fails: what is
 * refused stays refused.
 */
import { isOrgUserManagerError, systemActor } from 'org-user-manager';
import { createUsageGuard } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { polluted } from './fixtures/polluted.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { repeatableRandom } from './fixtures/repeatable-random.ts';
import { sourceNames } from './fixtures/source-names.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';
import { person } from './http/doors.ts';

const scope = { orgId, actor: admin };
const request = new Request('https://app.acme.example.com/search');

/** An organization in which every call has something to change, and every door a person to refuse. */
async function openWorld() {
  const team = await createTeam(memoryStorage(), { random: repeatableRandom() });
  const { manager, clock, join } = team;
  await Promise.all(['u_1', 'u_full', 'u_out', 'u_late'].map((userId) => join(userId)));
  await Promise.all(['u_boss', 'u_chief'].map((userId) => join(userId, 'admin')));
  const invite = async (userId: string, role: 'member' | 'admin', actor = admin) => {
    const email = `${userId}@acme.example.com`;
    const invited = await manager.invite({ orgId, actor, email, role });
    if (invited.outcome !== 'invited') throw new Error(invited.outcome);
    return invited.invitation;
  };
  const [{ id: invitationId, link }] = [await invite('u_9', 'member')];
  for (const userId of ['u_boss', 'u_chief']) {
    await invite(`${userId}_m`, 'member', { userId });
    await invite(`${userId}_a`, 'admin', { userId });
  }
  await manager.deliverMail();
  await manager.setLimit({ ...scope, userId: 'u_1', daily: 20 });
  await manager.setLimit({ ...scope, userId: 'u_full', daily: 1 });
  await manager.consume({ orgId, userId: 'u_full' });
  const reserved = await manager.reserve({ orgId, userId: 'u_1', estimate: 5 });
  if (!reserved.allowed) throw new Error(reserved.reason);
  const guardOf = (userId: string, chargeOn: 'request' | 'success' = 'request') => {
    const guard = createUsageGuard(manager, { identify: () => person(userId), chargeOn });
    return () => guard(request);
  };
  const passed = async (userId: string, chargeOn?: 'success') => {
    const verdict = await guardOf(userId, chargeOn)();
    if (!verdict.allowed) throw new Error(verdict.code);
    return verdict.usage;
  };
  const usage = await passed('u_1');
  const lateUsage = await passed('u_late');
  const kept = await passed('u_1', 'success');
  const givenBack = await passed('u_1', 'success');
  await manager.disable({ ...scope, userId: 'u_out' });
  await manager.disable({ ...scope, userId: 'u_late' });
  clock.advance(2 * 60_000);
  const stranger = createUsageGuard(manager, { identify: () => null });
  return {
    ...team,
    invitationId,
    link: tokenIn(link ?? ''),
    reservation: reserved.reservation,
    guards: {
      member: guardOf('u_1'),
      full: guardOf('u_full'),
      fullSetAside: guardOf('u_full', 'success'),
      disabled: guardOf('u_out'),
      outsider: guardOf('u_elsewhere'),
      stranger: () => stranger(request),
    },
    usage,
    lateUsage,
    kept,
    givenBack,
  };
}

type World = Awaited<ReturnType<typeof openWorld>>;

type Call = (world: World) => Promise<unknown>;

const calls: Readonly<Record<string, Call>> = {
  guard: ({ guards }) => guards.member(),
  'guard over the limit': ({ guards }) => guards.full(),
  'guard that sets aside, over the limit': ({ guards }) => guards.fullSetAside(),
  'guard for a disabled member': ({ guards }) => guards.disabled(),
  'guard for a person of no organization here': ({ guards }) => guards.outsider(),
  'guard for a stranger': ({ guards }) => guards.stranger(),
  recheck: ({ usage }) => usage.recheck(),
  'recheck that charges': ({ usage }) => usage.recheck(2),
  'recheck over the limit': ({ usage }) => usage.recheck(100),
  'recheck of a disabled member': ({ lateUsage }) => lateUsage.recheck(),
  'settle what succeeded': ({ kept }) => kept.settle(true),
  'settle what failed': ({ givenBack }) => givenBack.settle(false),
  listMembers: ({ manager }) => manager.listMembers({ ...scope, status: 'all' }),
  listInvitations: ({ manager }) => manager.listInvitations(scope),
  'list as a member': ({ manager }) => manager.listMembers({ orgId, actor: { userId: 'u_1' } }),
  usage: ({ manager }) => manager.usage(scope),
  consume: ({ manager }) => manager.consume({ orgId, userId: 'u_1', cost: 2 }),
  'consume over the limit': ({ manager }) => manager.consume({ orgId, userId: 'u_full' }),
  'consume of a disabled member': ({ manager }) => manager.consume({ orgId, userId: 'u_out' }),
  tryToConsume: ({ manager }) => manager.tryToConsume({ orgId, userId: 'u_full' }),
  record: ({ manager }) => manager.record({ orgId, userId: 'u_1', units: 2 }),
  'record without units': ({ manager }) =>
    Reflect.apply(manager.record, manager, [{ orgId, userId: 'u_1' }]),
  commit: ({ reservation }) => reservation.commit(3),
  reserve: async ({ manager }) => {
    const reserved = await manager.reserve({ orgId, userId: 'u_1', estimate: 2 });
    return reserved.allowed ? reserved.reservation.token : reserved;
  },
  'reserve over the limit': ({ manager }) =>
    manager.reserve({ orgId, userId: 'u_full', estimate: 2 }),
  resend: ({ manager, invitationId }) => manager.resend({ ...scope, invitationId }),
  'invite by the system': ({ manager }) =>
    manager.invite({ orgId, actor: systemActor, email: 'u_8@acme.example.com' }),
  inviteMany: ({ manager }) =>
    manager.inviteMany({
      ...scope,
      addresses: ['u_7@acme.example.com', 'u_1@acme.example.com', 'u_boss_m@acme.example.com'],
    }),
  bulkExtract: ({ manager }) =>
    manager.bulkExtract({ ...scope, text: 'Pat <u_6@acme.example.com>, cid:a@acme.example.com' }),
  previewInvitation: ({ manager, link }) => manager.previewInvitation({ token: link }),
  'accept by another account': ({ manager, link }) =>
    manager.accept({ token: link, account: account('u_5') }),
  accept: ({ manager, link }) => manager.accept({ token: link, account: account('u_9') }),
  demote: ({ manager }) => manager.demote({ ...scope, userId: 'u_boss' }),
  'disable by the system': ({ manager }) =>
    manager.disable({ orgId, actor: systemActor, userId: 'u_chief' }),
  'promote by a member': ({ manager }) =>
    manager.promote({ orgId, actor: { userId: 'u_1' }, userId: 'u_1' }),
  setLimit: ({ manager }) => manager.setLimit({ ...scope, userId: 'u_full', monthly: 100 }),
};

/** A failure may also be that no answer ever comes, as when the runtime has failed where it is waited for. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), 100);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What a call answers, and whether that is a refusal or an error. */
async function outcomeOf(call: () => Promise<unknown>) {
  try {
    const answer = (await inTime(call())) ?? 'nothing';
    const isRefusal = Reflect.getOwnPropertyDescriptor(Object(answer), 'allowed')?.value === false;
    return { isRefusal, answer };
  } catch (error) {
    const answer = isOrgUserManagerError(error) ? [error.code, error.details] : String(error);
    return { isRefusal: true, answer };
  }
}

/** Everything that the manager shows and has written, and every mail. */
async function stateOf({ manager, mailer }: World) {
  await manager.deliverMail();
  const all = { ...scope, status: 'all' } as const;
  const { items } = await manager.listMembers(all);
  const usage = items.map(({ userId }) => manager.usage({ ...scope, userId }));
  return [
    items,
    await Promise.all(usage),
    await manager.listInvitations(all),
    await manager.organization(scope),
    mailer.sent,
  ];
}

const stateIn = (world: World) => inTime(stateOf(world)).catch(String);

type Outcome = Awaited<ReturnType<typeof outcomeOf>>;
type Pollute = (work: () => Promise<Outcome>) => Promise<Outcome>;
const plainly: Pollute = (work) => work();

const underNames =
  (some: readonly string[], value: unknown): Pollute =>
  (work) => {
    const values = Object.fromEntries(some.map((name) => [name, value]));
    return polluted({ values, enumerable: true }, work);
  };

/** What all calls answer one after the other, and what they have left behind. */
async function callAll(pollute: Pollute) {
  const world = await openWorld();
  const outcomes: Outcome[] = [];
  for (const call of Object.values(calls)) {
    outcomes.push(await pollute(() => outcomeOf(() => call(world))));
  }
  return { outcomes, trace: JSON.stringify([outcomes, await stateIn(world)]) };
}

// Under these, the runtime or the schema library fails before a call is decided.
const failing: readonly string[] = ['error', 'path', 'then'];
const names = sourceNames().filter((name) => !failing.includes(name));
// How many names stand there at once; those of a batch that changes something are tried in halves.
const batch = 100;

test('the names of the source are found', () => {
  const some = [
    'allowed',
    'issued',
    'keep',
    'optional',
    'role',
    'transport',
    'uncounted',
    'userId',
  ];
  expect(names).toEqual(expect.arrayContaining(some));
});

test.each([true, 'admin', 'u_admin'])(
  'no name of a property changes a call when %o stands under it',
  async (value) => {
    const { trace } = await callAll(plainly);
    async function search(some: readonly string[]): Promise<readonly string[]> {
      const found = await callAll(underNames(some, value));
      if (found.trace === trace) return [];
      if (some.length === 1) return some;
      const half = Math.ceil(some.length / 2);
      return [...(await search(some.slice(0, half))), ...(await search(some.slice(half)))];
    }
    const changing: string[] = [];
    for (let at = 0; at < names.length; at += batch) {
      changing.push(...(await search(names.slice(at, at + batch))));
    }
    expect(changing).toEqual([]);
  },
);

test.each(failing)('a call that is refused stays refused when %s is inherited', async (name) => {
  const { outcomes } = await callAll(plainly);
  const under = await callAll(underNames([name], true));
  const opened = Object.keys(calls).filter(
    (_, at) => outcomes[at]?.isRefusal && !under.outcomes[at]?.isRefusal,
  );
  expect(opened).toEqual([]);
});
