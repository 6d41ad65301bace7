/** Charges that are made at once share a statement, and each gets the answer that it would get alone. */
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import type { Caller, ChargeRequest, RateLimitStore, UsageWindow } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, onTestFinished, test } from 'vitest';
import { patientCaller } from '../fixtures/caller.ts';
import { createGate } from '../fixtures/gate.ts';
import { openStorage, openTables } from '../fixtures/place.ts';
import { sharedEngines } from '../fixtures/places.ts';
import { describeEach } from '../fixtures/servers.ts';
import { loggedStorages } from '../fixtures/storages.ts';

const partition = 'acme';
const statements: string[] = [];
const parameters: unknown[] = [];
const engines = loggedStorages(({ query }) => {
  statements.push(query.sql);
  parameters.push(...query.parameters);
});

const window = (key: string, cost = 1, limit: number | null = null): UsageWindow => ({
  key,
  cost,
  limit,
  keepMs: 3_600_000,
});

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

describeEach(engines)('$name', ({ create }) => {
  async function open() {
    const storage = create();
    onTestFinished(() => storage.close());
    await storage.migrate();
    const { rateLimits: store } = storage;
    const charge = async (...windows: readonly UsageWindow[]) =>
      store.consume({ partition, windows });
    // The first call asks for the schema, and on MariaDB for the version.
    await charge(window('warm-up'));
    /** How many statements a call takes. */
    const count = async (call: () => Promise<unknown>) => {
      statements.length = 0;
      await call();
      return statements.length;
    };
    return { storage, store, charge, count };
  }

  test('a lone charge is one statement, and so is a refusal that was expected', async () => {
    const { charge, count, store } = await open();
    const consume = () => charge(window('day', 1, 2), window('month', 1, 9), window('activity'));
    expect([await count(consume), await count(consume)]).toEqual([1, 1]);
    // The statement that fails, and a look at what is there.
    expect(await count(consume)).toBe(2);
    expect([await count(consume), await count(consume)]).toEqual([1, 1]);
    expect(await count(() => charge(window('fresh', 3, 2)))).toBe(1);
    expect(await count(() => charge(window('day', -1, 2)))).toBe(1);
    expect(await store.get(partition, ['day', 'month', 'fresh'])).toEqual([1, 2, 0]);
    // The limit that refused before has room again.
    expect(await consume()).toEqual({ allowed: true, used: [2, 3, 3] });
  });

  test('charges at once share statements, and are answered in their order', async () => {
    const { charge, count } = await open();
    let results: readonly unknown[] = [];
    const taken = await count(async () => {
      results = await Promise.all(times(200, () => charge(window('a'), window('b', 2, 500))));
    });
    const expected = times(200, (index) => ({ allowed: true, used: [index + 1, 2 * index + 2] }));
    expect(results).toEqual(expected);
    expect(taken).toBeLessThanOrEqual(1 + Math.ceil(200 / 100));
  });

  test('the very same request at once, again and again, is told each time what became of it', async () => {
    const { store } = await open();
    const request = { partition, windows: [window('a', 1, 3)] };
    const results = await Promise.all(times(8, () => store.consume(request)));
    expect(results.map(({ allowed }) => allowed)).toEqual(times(8, (index) => index < 3));
    expect(results.map(({ used }) => used)).toEqual(times(8, (index) => [Math.min(index + 1, 3)]));
  });

  test('organizations share statements, and never a refusal', async () => {
    const { store, count } = await open();
    const consume = (name: string, limit: number) =>
      store.consume({ partition: name, windows: [window('a', 1, limit)] });
    await consume('full', 1);
    let results: readonly boolean[] = [];
    const taken = await count(async () => {
      const calls = times(40, (index) => consume(index % 2 ? 'full' : `org-${index}`, 1));
      results = (await Promise.all(calls)).map(({ allowed }) => allowed);
    });
    expect(results).toEqual(times(40, (index) => index % 2 === 0));
    expect(taken).toBeLessThanOrEqual(20);
  });

  test('what no sum can hold is not added up', async () => {
    const { charge, store } = await open();
    const most = Number.MAX_SAFE_INTEGER;
    const costs = [1, most, most, most - 1, 1];
    const results = await Promise.all(costs.map((cost) => charge(window('a', cost))));
    expect(results.map(({ allowed }) => allowed)).toEqual([true, false, false, true, false]);
    expect(await store.get(partition, ['a'])).toEqual([most]);
  });

  test('units given back among others are taken, and make room', async () => {
    const { charge, store } = await open();
    await charge(window('a', 10, 10));
    const results = await Promise.all(
      times(30, (index) => charge(window('a', index % 3 ? 1 : -1, 10))),
    );
    const allowed = results.filter((result) => result.allowed).length;
    const [used = 0] = await store.get(partition, ['a']);
    expect(used).toBe(10 - 10 + (allowed - 10));
    expect(used).toBeLessThanOrEqual(10);
    expect(results.filter((_, index) => index % 3 === 0).every((result) => result.allowed)).toBe(
      true,
    );
  });

  test('more units given back than there are leave room for what comes behind', async () => {
    const { charge, store } = await open();
    await Promise.all([1, -5, 3, -1, 2].map((cost) => charge(window('a', cost))));
    expect(await store.get(partition, ['a'])).toEqual([4]);
  });

  test('a call that nobody waits for any more is never made', async () => {
    const { store, charge } = await open();
    const first = charge(window('a'));
    const caller = patientCaller();
    const windows = [window('a')];
    const second = store.consume({ partition, windows, caller });
    caller.isGone = true;
    await first;
    await expect(second).rejects.toMatchObject({ code: 'unavailable' });
    expect(await charge(window('a'))).toEqual({ allowed: true, used: [2] });
  });
});

/** Charges of one organization, in the order in which they are made. */
const arbitraryCharges = fc.array(
  fc
    .uniqueArray(
      fc.record({
        key: fc.constantFrom('a', 'b', 'c'),
        cost: fc.integer({ min: 1, max: 6 }),
        limit: fc.option(fc.integer({ min: 0, max: 40 })),
        keepMs: fc.constant(3_600_000),
      }),
      { minLength: 1, selector: ({ key }) => key },
    )
    // A refusal that is certain is answered ahead of its turn.
    .filter((windows) => windows.every(({ cost, limit }) => limit === null || cost <= limit)),
  { minLength: 2, maxLength: 40 },
);

describeEach(engines)('$name', ({ create }) => {
  test('charges at once are told what they would be told one after another', async () => {
    const storage = create();
    onTestFinished(() => storage.close());
    await storage.migrate();
    // The first call asks for the schema, and others would overtake it.
    await storage.rateLimits.consume({ partition, windows: [window('warm-up')] });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryCharges, async (charges) => {
        run += 1;
        // Who was refused before is asked first, out of turn; so every run has fresh counters.
        const requests = charges.map(
          (windows): ChargeRequest => ({ partition: `p-${run}`, windows }),
        );
        const model: RateLimitStore = memoryStorage({ now: () => 0 }).rateLimits;
        const expected = [];
        for (const request of requests) expected.push(await model.consume(request));
        const actual = await Promise.all(requests.map((one) => storage.rateLimits.consume(one)));
        expect(actual).toEqual(expected);
      }),
      { numRuns: process.env.OUM_THOROUGH ? 1000 : 60 },
    );
  });
});

const servers = sharedEngines().filter(({ name }) => name !== 'SQLite');

describeEach(engines.filter(({ name }) => name === 'PostgreSQL' || name === 'MariaDB'))(
  '$name',
  ({ name, create }) => {
    test('the server is told a quarter of the time of organizations that share a statement', async () => {
      const storage = create();
      onTestFinished(() => storage.close());
      await storage.migrate();
      const caller = { isGone: false, remainingMs: 40_000 };
      const consume = (organization: string) =>
        storage.rateLimits.consume({ partition: organization, windows: [window('a')], caller });
      await consume('first');
      statements.length = 0;
      parameters.length = 0;
      await Promise.all(times(20, (index) => consume(`org-${index}`)));
      const told =
        name === 'PostgreSQL'
          ? parameters.filter((value) => typeof value === 'number')
          : statements.map((text) => Number(/, ([\d.]+)\) for /.exec(text)?.[1]) * 1000);
      expect(told.filter((ms) => ms === 10_000)).toHaveLength(1);
      // Each of the four that left at once. PostgreSQL is not told of them.
      expect(told.filter((ms) => ms === 40_000)).toHaveLength(name === 'PostgreSQL' ? 0 : 4);
    });
  },
);

describeEach(servers)('$name', ({ create }) => {
  async function openWithStuckOrganization(stuck: readonly string[] = ['stuck']) {
    const { place, drop } = await create();
    onTestFinished(drop);
    const storage = openStorage(place);
    onTestFinished(() => storage.close());
    await storage.migrate();
    const db = openTables(place);
    onTestFinished(() => db.destroy());
    const { rateLimits: store } = storage;
    const consume = (name: string, caller: Caller = patientCaller()) =>
      store.consume({ partition: name, windows: [window('a')], caller });
    for (const name of stuck) await consume(name);
    const gate = createGate();
    const released = db.transaction().execute(async (trx) => {
      // One after another: for a list InnoDB may lock what is between them.
      for (const name of stuck) {
        await trx
          .selectFrom('oum_usage')
          .selectAll()
          .where('org_id', '=', name)
          .where('counter', '=', 'a')
          .forUpdate()
          .execute();
      }
      await gate.pass();
    });
    await gate.reached;
    const release = () => {
      gate.open();
      return released;
    };
    return { consume, release };
  }

  test('an organization whose counters are locked holds up no other', async () => {
    const { consume, release } = await openWithStuckOrganization();
    const stuck = times(3, () => consume('stuck'));
    expect(await Promise.all(times(50, (index) => consume(`org-${index}`)))).toHaveLength(50);
    await release();
    const used = (await Promise.all(stuck)).map((result) => result.used);
    expect(used).toEqual([[2], [3], [4]]);
  });

  test('four organizations whose counters are locked hold up no other, for however long', async () => {
    const names = times(4, (index) => `stuck-${index}`);
    const { consume, release } = await openWithStuckOrganization(names);
    const first = times(4, () => patientCaller());
    const stuck = names.map((name, index) => consume(name, first[index]));
    const others = (count: number) =>
      Promise.all(times(count, (index) => consume(`org-${index % 10}`)));
    // While they hang; when nobody waits for them any more; and when the next ones have waited in vain.
    expect(await others(50)).toHaveLength(50);
    for (const caller of first) caller.isGone = true;
    const inTime = { isGone: false, remainingMs: 300 };
    const next = Promise.allSettled(names.map((name) => consume(name, inTime)));
    expect(await others(50)).toHaveLength(50);
    for (const { status } of await next) expect(status).toBe('rejected');
    const last = names.map((name) => consume(name));
    expect(await others(50)).toHaveLength(50);
    await release();
    await Promise.all(stuck);
    for (const { used } of await Promise.all(last)) expect(used).toEqual([3]);
  });

  test('thousands of charges of a locked organization leave room for those of others', async () => {
    const { consume, release } = await openWithStuckOrganization();
    const caller = patientCaller();
    const flood = times(10_500, () =>
      Promise.resolve(consume('stuck', caller)).then(
        () => 'made',
        (error) => error.code,
      ),
    );
    expect((await consume('other')).used).toEqual([1]);
    caller.isGone = true;
    // All but the one that hangs are given up, and take no room.
    const [, ...waiting] = flood;
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['unavailable']));
    const more = times(9000, () => consume('busy'));
    expect(await Promise.all(more)).toHaveLength(9000);
    await release();
    expect(await flood[0]).toBe('made');
  });

  test('organizations that have left with one that is locked are charged without it', async () => {
    const { consume, release } = await openWithStuckOrganization();
    const caller = { isGone: false, remainingMs: 2000 };
    let isOver = false;
    const names = times(20, (index) => `org-${index}`);
    const calls = [...names.slice(0, 10), 'stuck', ...names.slice(10)].map((name) => {
      const call = consume(name, caller);
      if (name !== 'stuck') return call;
      return Promise.resolve(call).finally(() => {
        isOver = true;
      });
    });
    const stuck = calls.splice(10, 1);
    for (const { used } of await Promise.all(calls)) expect(used).toEqual([1]);
    expect(isOver).toBe(false);
    await release();
    const [result] = await Promise.all(stuck);
    expect(result?.used).toEqual([2]);
  });

  test('once nobody waits for a statement that hangs, others go on', async () => {
    const { consume, release } = await openWithStuckOrganization();
    const caller = patientCaller();
    const hanging = consume('stuck', caller);
    const waiting = consume('stuck', caller);
    await setTimeout(20);
    caller.isGone = true;
    const next = consume('stuck');
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
    await release();
    expect((await hanging).allowed && (await next).allowed).toBe(true);
    expect((await consume('stuck')).used).toEqual([4]);
  });
});
