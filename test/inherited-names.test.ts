/**
 * Every name that the library's own code reads as a property stands on `Object.prototype` for a while.
 * Each main call then does what it does without, or it fails and changes nothing. It lets nothing
 * through that it would refuse.
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

/** An organization in which every call has something to change, and every door somebody to refuse. */
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
  'guard for a member of something else': ({ guards }) => guards.outsider(),
  'guard for nobody known': ({ guards }) => guards.stranger(),
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
  'accept by somebody else': ({ manager, link }) =>
    manager.accept({ token: link, account: account('u_5') }),
  accept: ({ manager, link }) => manager.accept({ token: link, account: account('u_9') }),
  demote: ({ manager }) => manager.demote({ ...scope, userId: 'u_boss' }),
  'disable by the system': ({ manager }) =>
    manager.disable({ orgId, actor: systemActor, userId: 'u_chief' }),
  'promote by a member': ({ manager }) =>
    manager.promote({ orgId, actor: { userId: 'u_1' }, userId: 'u_1' }),
  setLimit: ({ manager }) => manager.setLimit({ ...scope, userId: 'u_full', monthly: 100 }),
};

/** How many names stand there at once. */
const batch = 100;

/** A failure may also be that no answer ever comes, as when a load that is waited for has failed. */
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

type Pollute = (work: () => Promise<Outcome>) => Promise<Outcome>;
type Outcome = Awaited<ReturnType<typeof outcomeOf>>;
const plainly: Pollute = (work) => work();

const underNames =
  (names: readonly string[], value: unknown): Pollute =>
  (work) => {
    const values = Object.fromEntries(names.map((name) => [name, value]));
    return polluted({ values, enumerable: true }, work);
  };

/**
 * What all calls answer one after the other, and at last what they have left behind. It ends with the
 * first answer that is not the expected one.
 */
async function tracesOfAll(pollute: Pollute, expected?: readonly string[]) {
  const world = await openWorld();
  const traces: string[] = [];
  for (const call of Object.values(calls)) {
    const trace = JSON.stringify(await pollute(() => outcomeOf(() => call(world))));
    if (expected && expected[traces.length] !== trace) return [...traces, trace];
    traces.push(trace);
  }
  return [...traces, JSON.stringify(await stateIn(world))];
}

/** The calls that do something else under this name, unless they fail and change nothing. */
async function openedBy(name: string, value: unknown): Promise<readonly string[]> {
  const untouched = JSON.stringify(await stateIn(await openWorld()));
  const opened: string[] = [];
  for (const [title, call] of Object.entries(calls)) {
    const [without, under] = [await openWorld(), await openWorld()];
    const outcome = await underNames([name], value)(() => outcomeOf(() => call(under)));
    const state = JSON.stringify(await stateIn(under));
    if (outcome.isRefusal && state === untouched) continue;
    const expected = await outcomeOf(() => call(without));
    const isSame =
      JSON.stringify(outcome) === JSON.stringify(expected) &&
      state === JSON.stringify(await stateIn(without));
    if (!isSame) opened.push(`${title}: ${name}`);
  }
  return opened;
}

// Under these, the runtime or the schema library fails before a call is decided.
const failing: readonly string[] = ['error', 'path', 'then'];
const names = sourceNames().filter((name) => !failing.includes(name));
const values = [true, 'admin', 'u_admin'];

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

test.each(values)('no name of a property changes a call when %o stands under it', async (value) => {
  const expected = await tracesOfAll(plainly);
  async function search(some: readonly string[]): Promise<readonly string[]> {
    const found = await tracesOfAll(underNames(some, value), expected);
    if (String(found) === String(expected)) return [];
    const [name] = some;
    if (name && some.length === 1) return openedBy(name, value);
    const half = Math.ceil(some.length / 2);
    return [...(await search(some.slice(0, half))), ...(await search(some.slice(half)))];
  }
  const opened: string[] = [];
  for (let at = 0; at < names.length; at += batch) {
    opened.push(...(await search(names.slice(at, at + batch))));
  }
  expect(opened).toEqual([]);
});

test.each(failing)('%s opens nothing', async (name) => {
  expect(await openedBy(name, true)).toEqual([]);
});
