import assert from 'node:assert/strict';
import type { RateLimitStore } from '../ports/rate-limit-store.ts';

/** Cases of the counters' contract by name; each is given an empty store. */
export type RateLimitCases = Readonly<Record<string, (store: RateLimitStore) => Promise<void>>>;

// Longer than a case runs.
const keepMs = 3_600_000;
const partition = 'acme';

/** A charge over counters given as key and limit. */
const charge = (
  store: RateLimitStore,
  cost: number,
  limits: Readonly<Record<string, number | null>>,
) =>
  store.consume({
    partition,
    windows: Object.entries(limits).map(([key, limit]) => ({ key, cost, limit, keepMs })),
  });

const range = (length: number) => Array.from({ length }, (_, index) => index);

/** What one charge does. */
export const chargeCases: RateLimitCases = {
  'counters: one begins at 0, and reading changes nothing': async (store) => {
    assert.deepEqual(await store.get(partition, ['a', 'b']), [0, 0]);
    assert.deepEqual(await charge(store, 1, { a: 5 }), { allowed: true, used: [1] });
    for (const _ of range(3)) assert.deepEqual(await store.get(partition, ['a']), [1]);
    assert.deepEqual(await store.get(partition, ['b', 'a', 'b', 'a']), [0, 1, 0, 1]);
    assert.deepEqual(await store.get(partition, []), []);
    assert.deepEqual(await charge(store, 2, { a: 5 }), { allowed: true, used: [3] });
  },
  'counters: the limit itself is allowed, one more is not': async (store) => {
    await charge(store, 999, { a: 1000 });
    assert.deepEqual(await charge(store, 1, { a: 1000 }), { allowed: true, used: [1000] });
    assert.deepEqual(await charge(store, 1, { a: 1000 }), { allowed: false, used: [1000] });
  },
  'counters: a cost that would cross the limit charges none of it': async (store) => {
    await charge(store, 8, { a: 10 });
    assert.deepEqual(await charge(store, 3, { a: 10 }), { allowed: false, used: [8] });
    assert.deepEqual(await charge(store, 2, { a: 10 }), { allowed: true, used: [10] });
    assert.deepEqual(await charge(store, 11, { fresh: 10 }), { allowed: false, used: [0] });
    assert.deepEqual(await store.get(partition, ['fresh']), [0]);
  },
  'counters: the very same request several times at once is charged each time': async (store) => {
    const request = { partition, windows: [{ key: 'a', cost: 1, limit: 3, keepMs }] };
    const results = await Promise.all(range(8).map(async () => store.consume(request)));
    assert.deepEqual(results.map(({ allowed }) => allowed).sort(), [
      ...range(5).map(() => false),
      ...range(3).map(() => true),
    ]);
    assert.deepEqual(await store.get(partition, ['a']), [3]);
  },
  'counters: 0 blocks and null only counts': async (store) => {
    assert.deepEqual(await charge(store, 1, { a: 0 }), { allowed: false, used: [0] });
    const blocked = { allowed: false, used: [0, 0] };
    assert.deepEqual(await charge(store, 1, { a: 0, b: null }), blocked);
    const most = Number.MAX_SAFE_INTEGER;
    assert.deepEqual(await charge(store, most, { b: null }), { allowed: true, used: [most] });
    assert.deepEqual(await charge(store, most, { c: most }), { allowed: true, used: [most] });
    assert.deepEqual(await charge(store, 1, { c: most }), { allowed: false, used: [most] });
  },
  'counters: whichever of several refuses, the others keep what they had': async (store) => {
    const limits = { 'user-day': 9, 'user-month': 9, 'org-day': 9, 'org-month': 9, activity: null };
    await charge(store, 4, limits);
    for (const refusing of ['user-day', 'user-month', 'org-day', 'org-month']) {
      const tight = { ...limits, [refusing]: 5 };
      const reversed = Object.fromEntries(Object.entries(tight).reverse());
      for (const order of [tight, reversed]) {
        const refused = { allowed: false, used: [4, 4, 4, 4, 4] };
        assert.deepEqual(await charge(store, 2, order), refused);
      }
    }
    const { allowed } = await charge(store, 2, { ...limits, fresh: 1 });
    assert.equal(allowed, false);
    assert.deepEqual(await store.get(partition, ['fresh']), [0]);
    assert.deepEqual(await charge(store, 5, limits), { allowed: true, used: [9, 9, 9, 9, 9] });
  },
  'counters: the limit of each call counts, not one of an earlier call': async (store) => {
    await charge(store, 5, { a: 5 });
    assert.deepEqual(await charge(store, 1, { a: 5 }), { allowed: false, used: [5] });
    assert.deepEqual(await charge(store, 1, { a: 6 }), { allowed: true, used: [6] });
    assert.deepEqual(await charge(store, 1, { a: 2 }), { allowed: false, used: [6] });
    assert.deepEqual(await charge(store, 1, { a: null }), { allowed: true, used: [7] });
    assert.deepEqual(await charge(store, 1, { a: 7 }), { allowed: false, used: [7] });
    assert.deepEqual(await charge(store, 1, { a: 8 }), { allowed: true, used: [8] });
  },
  'counters: units given back are taken whatever the limit, and never below 0': async (store) => {
    await charge(store, 8, { a: 10, b: null });
    assert.deepEqual(await charge(store, -3, { a: 1, b: 0 }), { allowed: true, used: [5, 5] });
    assert.deepEqual(await charge(store, 1, { a: 5 }), { allowed: false, used: [5] });
    assert.deepEqual(await charge(store, -9, { a: 10, fresh: 1 }), { allowed: true, used: [0, 0] });
    assert.deepEqual(await store.get(partition, ['a', 'b', 'fresh']), [0, 5, 0]);
    assert.deepEqual(await charge(store, 10, { a: 10, fresh: 10 }), {
      allowed: true,
      used: [10, 10],
    });
  },
  'counters: each window has a cost of its own, and one that refuses stops all': async (store) => {
    const settle = (marker: number) =>
      store.consume({
        partition,
        windows: [
          { key: 'marker', cost: marker, limit: 1, keepMs },
          { key: 'day', cost: 4, limit: 9, keepMs },
          { key: 'month', cost: -2, limit: 9, keepMs },
        ],
      });
    await charge(store, 5, { month: 9 });
    assert.deepEqual(await settle(1), { allowed: true, used: [1, 4, 3] });
    assert.deepEqual(await settle(1), { allowed: false, used: [1, 4, 3] });
    assert.deepEqual(await store.get(partition, ['marker', 'day', 'month']), [1, 4, 3]);
  },
  'counters: no two names share one': async (store) => {
    const names = ['a', 'A', 'a ', ' a', 'é', 'e\u0301', '{a}', 'a:b', 'a/b', '%', '_', "'"];
    names.push('日本', '__proto__', 'constructor', '🎈');
    names.push(`${'x'.repeat(399)}y`, `${'x'.repeat(399)}z`);
    for (const [index, name] of names.entries()) {
      const cost = index + 1;
      const request = { windows: [{ key: name, cost, limit: null, keepMs }] };
      await store.consume({ ...request, partition });
      await store.consume({ ...request, partition: name.slice(0, 255) });
    }
    const expected = names.map((_, index) => index + 1);
    assert.deepEqual(await store.get(partition, names), expected);
    await charge(store, 1, { 'b:c': null });
    await store.consume({
      partition: `${partition}:b`,
      windows: [{ key: 'c', cost: 5, limit: null, keepMs }],
    });
    assert.deepEqual(await store.get(partition, ['b:c', 'c']), [1, 0]);
  },
  'counters: what was counted without a limit counts against the next one': async (store) => {
    await charge(store, 3, { a: 5 });
    assert.deepEqual(await charge(store, 9, { a: null }), { allowed: true, used: [12] });
    assert.deepEqual(await charge(store, 1, { a: 12 }), { allowed: false, used: [12] });
    assert.deepEqual(await charge(store, 1, { a: 13 }), { allowed: true, used: [13] });
  },
  'counters: the request is left as it was given': async (store) => {
    const window = Object.freeze({ key: 'a', cost: 1, limit: 1, keepMs });
    const request = Object.freeze({ partition, windows: Object.freeze([window]) });
    await store.consume(request);
    assert.deepEqual(await store.consume(request), { allowed: false, used: [1] });
  },
  'counters: a refused charge that comes again sees what others have begun meanwhile': async (
    store,
  ) => {
    const window = (limit: number) => Object.freeze({ key: 'a', cost: 2, limit, keepMs });
    const windows = [window(1)];
    const refusedAt = { allowed: false, used: [0] };
    for (const _ of range(2)) {
      assert.deepEqual(await store.consume({ partition, windows }), refusedAt);
    }
    await store.consume({ partition, windows: [window(9)] });
    assert.deepEqual(await store.consume({ partition, windows }), { allowed: false, used: [2] });
  },
};

/** What charges at once do. */
export const concurrentChargeCases: RateLimitCases = {
  'counters: a thousand charges at once against a limit of a hundred: exactly a hundred': async (
    store,
  ) => {
    const limits = { day: 100, month: 200, activity: null };
    const results = await Promise.all(range(1000).map(() => charge(store, 1, limits)));
    assert.equal(results.filter(({ allowed }) => allowed).length, 100);
    assert.deepEqual(await store.get(partition, Object.keys(limits)), [100, 100, 100]);
  },
  'counters: mixed costs at once never pass the limit, and all that was allowed is counted': async (
    store,
  ) => {
    const costs = range(200).map((index) => (index % 7) + 1);
    const results = await Promise.all(costs.map((cost) => charge(store, cost, { a: 150, b: 160 })));
    const allowed = costs.filter((_, index) => results[index]?.allowed);
    const sum = allowed.reduce((total, cost) => total + cost, 0);
    assert.ok(sum <= 150 && sum > 143, `${sum} units`);
    assert.deepEqual(await store.get(partition, ['a', 'b']), [sum, sum]);
  },
  'counters: charges that name theirs in opposite order do not block each other': async (store) => {
    const orders = [
      { a: 50, b: 50 },
      { b: 50, a: 50 },
    ];
    const results = await Promise.all(
      range(100).flatMap(() => orders.map((order) => charge(store, 1, order))),
    );
    assert.equal(results.filter(({ allowed }) => allowed).length, 50);
    assert.deepEqual(await store.get(partition, ['a', 'b']), [50, 50]);
  },
  'counters: a mark with room for one charge lets one of fifty through, and tells the others':
    async (store) => {
      const once = () =>
        store.consume({
          partition,
          windows: [
            { key: 'day', cost: 3, limit: 10, keepMs },
            { key: 'mark', cost: 3, limit: 3, keepMs },
          ],
        });
      await charge(store, 8, { day: 10 });
      assert.deepEqual(await once(), { allowed: false, used: [8, 0] });
      await charge(store, -8, { day: 10 });
      const results = await Promise.all(range(50).map(once));
      assert.equal(results.filter(({ allowed }) => allowed).length, 1);
      assert.deepEqual(new Set(results.map(({ used }) => used[1])), new Set([3]));
      assert.deepEqual(await store.get(partition, ['day', 'mark']), [3, 3]);
    },
  'counters: units given back while others are charged: what was allowed is what is counted':
    async (store) => {
      await charge(store, 100, { a: 100, b: null });
      const costs = range(120).map((index) => (index % 4 === 0 ? -2 : 1));
      const results = await Promise.all(
        costs.map((cost) => charge(store, cost, { a: 100, b: null })),
      );
      const sum = costs.reduce(
        (total, cost, index) => total + (results[index]?.allowed ? cost : 0),
        100,
      );
      assert.ok(costs.every((cost, index) => cost > 0 || results[index]?.allowed));
      assert.ok(sum <= 100, `${sum} units`);
      assert.deepEqual(await store.get(partition, ['a', 'b']), [sum, sum]);
    },
};
