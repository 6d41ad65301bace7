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
import { repeatableRandom } from './fixtures/repeatable-random.ts';
import { sourceNames } from './fixtures/source-names.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
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

const calls: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
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
  'list as a member': ({ manager }) =>
    manager.listMembers({ orgId, actor: { userId: 'u_1' } }),
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

/** What a call answers, as a string; what it throws is `failed`. */
async function outcomeOf(call: () => Promise<unknown>) {
  try {
    const answer = (await call()) ?? 'nothing';
    const isRefusal = Object.hasOwn(Object(answer), 'allowed') && Reflect.get(Object(answer), 'allowed') === false;
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

type Pollute = (work: () => Promise<unknown>) => Promise<unknown>;
const plainly: Pollute = (work) => work();

/** What all calls answer one after the other, and what they leave behind. */
async function traceOfAll(pollute: Pollute): Promise<string> {
  const world = await openWorld();
  const outcomes: unknown[] = [];
  for (const call of Object.values(calls)) {
    outcomes.push(await pollute(() => outcomeOf(() => call(world))));
  }
  return JSON.stringify([outcomes, await stateOf(world)]);
}

/** The calls that do something else under this name than without, and do not simply fail. */
async function opened(name: string, value: unknown): Promise<string[]> {
  const found: string[] = [];
  for (const [title, call] of Object.entries(calls)) {
    const traces = [];
    for (const pollute of [plainly, underNames([name], value)]) {
      const world = await openWorld();
      const outcome = Object(await pollute(() => outcomeOf(() => call(world))));
      traces.push({ outcome, state: JSON.stringify(await stateOf(world)) });
    }
    const [without, under] = traces;
    if (JSON.stringify(without) === JSON.stringify(under)) continue;
    const failed = under?.outcome.isRefusal && under.state === JSON.stringify(await stateOf(await openWorld()));
    if (!failed) found.push(`${name} = ${value}: ${title}: ${JSON.stringify(under?.outcome)} ${under?.state===without?.state}`);
  }
  return found;
}

const underNames =
  (names: readonly string[], value: unknown): Pollute =>
  (work) =>
    polluted({ values: Object.fromEntries(names.map((name) => [name, value])), enumerable: true }, work);

test.each([true, 'admin', 'u_admin'])(
  'no name of a property that reads %o opens anything',
  async (value) => {
    await traceOfAll(plainly);const t1=performance.now();const expected = await traceOfAll(plainly);console.log('one',performance.now()-t1);
    const suspects: string[] = [];
    async function search(names: readonly string[]): Promise<void> {
      const t0=performance.now();
      const same=(await traceOfAll(underNames(names, value))) === expected;
      if (performance.now()-t0>1000) console.log('SLOW', names.length, names.length<4?names:'', performance.now()-t0);
      if (same) return;
      const [name] = names;
      if (names.length === 1 && name) return void suspects.push(name);
      const half = names.length >> 1;
      await search(names.slice(0, half));
      await search(names.slice(half));
    }
    const names = sourceNames();
    expect(names).toEqual(expect.arrayContaining(['allowed', 'keep', 'role', 'userId', 'issued']));
    const size = 40;
    for (let at = 0; at < names.length; at += size) await search(names.slice(at, at + size));
    const found = [];
    for (const name of suspects) found.push(...(await opened(name, value)));
    console.log(names.length, suspects.join(' '));
    expect(found.join('\n')).toBe('');
  },
);
