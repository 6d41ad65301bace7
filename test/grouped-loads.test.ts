/** Checks that are made at once share a statement, and each sees what was committed before it began. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from 'vitest';
import { createGroupCommit } from '../adapters/group-commit/group-commit.ts';
import { createGate } from './fixtures/gate.ts';
import { describeEach } from './fixtures/servers.ts';
import { loggedStorages } from './fixtures/storages.ts';
import { createTeam, orgId } from './fixtures/team.ts';

const statements: string[] = [];
const engines = loggedStorages(({ query }) => {
  // Mails are delivered meanwhile.
  if (/left join .*oum_member|oum_usage/.test(query.sql)) statements.push(query.sql);
});

describeEach(engines)('$name', ({ create }) => {
  async function open() {
    const team = await createTeam(create());
    for (const userId of ['u_1', 'u_2', 'u_3']) await team.join(userId);
    statements.length = 0;
    return team;
  }

  test('loads at once share statements, and each is answered for itself', async () => {
    const { storage } = await open();
    const asked = [['u_1'], ['u_2', 'u_2'], ['nobody'], ['u_3', 'u_1'], ['u_1'], ['U_1'], []];
    const queries = Array.from({ length: 140 }, (_, index) => asked[index % asked.length] ?? []);
    const standings = await Promise.all(queries.map((userIds) => storage.load({ orgId, userIds })));
    const taken = statements.length;
    for (const [index, { organization, members, invitations }] of standings.entries()) {
      const alone = await storage.load({ orgId, userIds: queries[index] ?? [] });
      expect(organization).toEqual(alone.organization);
      expect(invitations).toEqual([]);
      const ids = members.map(({ userId }) => userId).toSorted();
      expect(ids).toEqual(alone.members.map(({ userId }) => userId).toSorted());
      expect(new Set(members)).toEqual(new Set(alone.members));
    }
    // Those without ids ask for themselves; a statement or two more may be those of the mails.
    expect(taken).toBeLessThanOrEqual(20 + 8);
  });

  test('a statement asks for at most 64 members, in whatever groups they are asked for', async () => {
    const { storage } = await open();
    const groups = Array.from({ length: 8 }, (_, group) =>
      Array.from({ length: 33 }, (_, index) => `u_${group}_${index}`),
    );
    await Promise.all(groups.map((userIds) => storage.load({ orgId, userIds })));
    // A statement or two more may be those of the mails.
    expect(statements.length).toBeGreaterThanOrEqual(groups.length);
  });

  test('organizations do not share an answer', async () => {
    const { storage } = await open();
    const userIds = ['u_1'];
    const [own, , other] = await Promise.all(
      [orgId, orgId, 'globex', 'globex'].map((of) => storage.load({ orgId: of, userIds })),
    );
    expect(own?.members).toHaveLength(1);
    expect(other).toEqual({ organization: undefined, members: [], invitations: [] });
  });

  test('checks at once share statements, too', async () => {
    const { manager } = await open();
    await manager.consume({ orgId, userId: 'u_1' });
    statements.length = 0;
    const decisions = await Promise.all(
      Array.from({ length: 60 }, (_, index) => {
        return manager.consume({ orgId, userId: `u_${(index % 4) + 1}` });
      }),
    );
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(45);
    expect(statements.length).toBeLessThan(60 / 4);
  });

  test('a check that begins after a disabling is refused, whatever else is under way', async () => {
    const { manager } = await open();
    const consume = () => manager.consume({ orgId, userId: 'u_1' });
    expect(await consume()).toMatchObject({ allowed: true });
    const under = Array.from({ length: 5 }, consume);
    await manager.disable({ orgId, actor: { userId: 'u_admin' }, userId: 'u_1' });
    const later = Array.from({ length: 5 }, consume);
    for (const { allowed } of await Promise.all(later)) expect(allowed).toBe(false);
    await Promise.all(under);
    expect(await consume()).toMatchObject({ allowed: false });
  });
});

describe('calls that leave together', () => {
  const partition = 'acme';
  const limits = {
    flights: 2,
    flightsOfPartition: 1,
    partitions: 1,
    calls: 10,
    size: 100,
    sizeOf: () => 1,
  };

  interface Call {
    readonly partition: string;
    readonly name: string;
    readonly caller?: { readonly isGone: boolean };
  }

  /** Groups that come back when they are told to, in the order in which they left. */
  function open() {
    const groups: { readonly names: readonly string[]; land(): void }[] = [];
    async function leave(names: readonly string[]) {
      const gate = createGate();
      groups.push({ names, land: () => gate.open() });
      await gate.pass();
      return names;
    }
    const call = createGroupCommit<Call, string>({
      ...limits,
      async run(calls, { answer }) {
        for (const [index, name] of (await leave(calls.map((one) => one.name))).entries()) {
          answer(index, name);
        }
      },
      async runAlone({ name }) {
        await leave([name]);
        return name;
      },
    });
    const start = (name: string, caller = { isGone: false }) => call({ partition, name, caller });
    return { call, start, groups, left: () => groups.map(({ names }) => names) };
  }

  test('never join a group that has left', async () => {
    const { start, groups, left } = open();
    const calls = ['a', 'b', 'c'].map((name) => start(name));
    expect(left()).toEqual([['a']]);
    groups[0]?.land();
    expect(await calls[0]).toBe('a');
    await expect.poll(left).toEqual([['a'], ['b', 'c']]);
    const late = start('d');
    groups[1]?.land();
    expect(await Promise.all(calls)).toEqual(['a', 'b', 'c']);
    await expect.poll(left).toEqual([['a'], ['b', 'c'], ['d']]);
    groups[2]?.land();
    expect(await late).toBe('d');
  });

  test('wait for no other partition, unless too many groups are under way', async () => {
    const { call, groups, left } = open();
    const calls = ['a', 'b', 'c'].map((name) => call({ partition: name, name }));
    expect(left()).toEqual([['a'], ['b']]);
    groups[1]?.land();
    await expect.poll(left).toEqual([['a'], ['b'], ['c']]);
    for (const group of groups) group.land();
    expect(await Promise.all(calls)).toEqual(['a', 'b', 'c']);
  });

  test('wait no longer for a group that nobody waits for', async () => {
    const { start, groups, left } = open();
    const caller = { isGone: false };
    const hanging = start('a', caller);
    const waiting = start('b', caller);
    caller.isGone = true;
    const next = start('c');
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
    expect(left()).toEqual([['a'], ['c']]);
    // The one that was given up comes back before the other one: a place is not given away twice.
    groups[0]?.land();
    await hanging;
    const last = start('d');
    expect(left()).toEqual([['a'], ['c']]);
    groups[1]?.land();
    await next;
    await expect.poll(left).toEqual([['a'], ['c'], ['d']]);
    groups[2]?.land();
    await last;
  });

  test('are divided when one partition makes the others wait in vain, and that one stays apart', async () => {
    const inVain = new Error('locked');
    const left: string[] = [];
    const gate = createGate();
    const locked = new Set(['b']);
    async function leave(names: readonly string[], mayHang: boolean): Promise<readonly string[]> {
      left.push(`${names.join('+')}${mayHang ? ' may hang' : ''}`);
      if (names[0] === 'first') await gate.pass();
      if (names.some((name) => locked.has(name.charAt(0)))) throw inVain;
      return names;
    }
    const call = createGroupCommit<Call, string>({
      ...limits,
      flights: 1,
      partitions: 10,
      async run(calls, { mayHang, answer }) {
        const names = await leave(
          calls.map(({ name }) => name),
          mayHang,
        );
        for (const [index, name] of names.entries()) answer(index, name);
      },
      async runAlone({ name }, mayHang) {
        await leave([name], mayHang);
        return name;
      },
      isInVain: (error) => error === inVain,
    });
    /** Calls that wait for one under way, and so may leave together; each is its partition's number. */
    async function together(names: readonly string[]) {
      const ended = names.map((name) => call({ partition: name.charAt(0), name }));
      return (await Promise.allSettled(ended)).map(({ status }) => status);
    }
    const first = call({ partition: 'first', name: 'first' });
    const divided = together(['a1', 'a2', 'b1', 'c1']);
    gate.open();
    expect(await divided).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    await first;
    expect(left).toEqual(['first', 'a1+a2+b1+c1', 'a1+a2 may hang', 'b1 may hang', 'c1 may hang']);
    // Only the one that was locked is still left alone.
    left.length = 0;
    await together(['a3', 'b2', 'c2', 'a4']);
    expect(left).toEqual(['a3', 'b2 may hang', 'c2+a4']);
    locked.clear();
    left.length = 0;
    await together(['a5', 'b3']);
    await together(['a6', 'b4', 'c3']);
    expect(left).toEqual(['a5', 'b3 may hang', 'a6', 'b4+c3']);
  });

  /** Groups that note in which context they leave; the first of them may hang. */
  function openInContexts() {
    const tenants = new AsyncLocalStorage<string>();
    const contexts: string[] = [];
    const gate = createGate();
    const leave = (names: readonly string[]) => {
      contexts.push(`${names} in ${tenants.getStore() ?? 'none'}`);
    };
    const call = createGroupCommit<Call, string>({
      ...limits,
      async run(calls, { answer }) {
        const names = calls.map(({ name }) => name);
        leave(names);
        for (const [index, name] of names.entries()) answer(index, name);
      },
      async runAlone({ name }) {
        leave([name]);
        await gate.pass();
        return name;
      },
    });
    const start = (name: string, caller = { isGone: false }) =>
      tenants.run(name, async () => {
        await call({ partition, name, caller });
        return tenants.getStore();
      });
    return { start, contexts, gate };
  }

  test('run outside of any request, and a call by itself runs in that of its caller', async () => {
    const { start, contexts, gate } = openInContexts();
    const calls = ['a', 'b', 'c'].map((name) => start(name));
    gate.open();
    expect(await Promise.all(calls)).toEqual(['a', 'b', 'c']);
    expect(contexts).toEqual(['a in a', 'b,c in none']);
  });

  test('run outside of any request also when a request gives up the group before', async () => {
    const { start, contexts, gate } = openInContexts();
    const caller = { isGone: false };
    const hanging = start('a', caller);
    const waiting = start('b');
    caller.isGone = true;
    expect(await Promise.all([waiting, start('c')])).toEqual(['b', 'c']);
    expect(contexts).toEqual(['a in a', 'b,c in none']);
    gate.open();
    await hanging;
  });

  test('are refused when thousands wait', async () => {
    const { start, groups } = open();
    const calls = Array.from({ length: 10_001 }, () => start('a'));
    const undone = { code: 'unavailable', details: { done: false } };
    await expect(start('too many')).rejects.toMatchObject(undone);
    let landed = 0;
    while (landed < Math.ceil(10_000 / limits.calls) + 1) {
      await expect.poll(() => groups.length, { interval: 0 }).toBeGreaterThan(landed);
      groups[landed]?.land();
      landed += 1;
    }
    expect(await Promise.all(calls)).toHaveLength(10_001);
  });
});
