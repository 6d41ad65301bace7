import type { RateLimitStore } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, onTestFinished, test } from 'vitest';
import { allStorages, storages } from './fixtures/storages.ts';

const expiresAt = Date.parse('2027-01-01T00:00:00Z');
const partition = 'acme';

/** A charge over counters given as key and limit. */
const charge = (
  store: RateLimitStore,
  cost: number,
  limits: Readonly<Record<string, number | null>>,
) =>
  store.consume({
    partition,
    cost,
    windows: Object.entries(limits).map(([key, limit]) => ({ key, limit, expiresAt })),
  });

const range = (length: number) => Array.from({ length }, (_, index) => index);

describe.each(await allStorages())('the counters of $name', ({ create }) => {
  async function createStore() {
    const storage = create();
    onTestFinished(() => storage.close());
    await storage.migrate();
    return { store: storage.rateLimits, storage };
  }

  test('a counter begins at 0, and reading changes nothing', async () => {
    const { store } = await createStore();
    expect(await store.get(partition, ['a', 'b'])).toEqual([0, 0]);
    expect(await charge(store, 1, { a: 5 })).toEqual({ allowed: true, used: [1] });
    for (const _ of range(3)) expect(await store.get(partition, ['a'])).toEqual([1]);
    expect(await store.get(partition, ['b', 'a', 'b', 'a'])).toEqual([0, 1, 0, 1]);
    expect(await store.get(partition, [])).toEqual([]);
    expect(await charge(store, 2, { a: 5 })).toEqual({ allowed: true, used: [3] });
  });

  test('the limit itself is allowed, one more is not', async () => {
    const { store } = await createStore();
    await charge(store, 999, { a: 1000 });
    expect(await charge(store, 1, { a: 1000 })).toEqual({ allowed: true, used: [1000] });
    expect(await charge(store, 1, { a: 1000 })).toEqual({ allowed: false, used: [1000] });
  });

  test('a cost that would cross the limit charges none of it', async () => {
    const { store } = await createStore();
    await charge(store, 8, { a: 10 });
    expect(await charge(store, 3, { a: 10 })).toEqual({ allowed: false, used: [8] });
    expect(await charge(store, 2, { a: 10 })).toEqual({ allowed: true, used: [10] });
    expect(await charge(store, 11, { fresh: 10 })).toEqual({ allowed: false, used: [0] });
    expect(await store.get(partition, ['fresh'])).toEqual([0]);
  });

  test('0 blocks and null only counts', async () => {
    const { store } = await createStore();
    expect(await charge(store, 1, { a: 0 })).toEqual({ allowed: false, used: [0] });
    expect(await charge(store, 1, { a: 0, b: null })).toEqual({ allowed: false, used: [0, 0] });
    const most = Number.MAX_SAFE_INTEGER;
    expect(await charge(store, most, { b: null })).toEqual({ allowed: true, used: [most] });
    expect(await charge(store, most, { c: most })).toEqual({ allowed: true, used: [most] });
    expect(await charge(store, 1, { c: most })).toEqual({ allowed: false, used: [most] });
  });

  test('whichever of several counters refuses, the others keep what they had', async () => {
    const { store } = await createStore();
    const limits = { 'user-day': 9, 'user-month': 9, 'org-day': 9, 'org-month': 9, activity: null };
    await charge(store, 4, limits);
    for (const refusing of ['user-day', 'user-month', 'org-day', 'org-month']) {
      const tight = { ...limits, [refusing]: 5 };
      const reversed = Object.fromEntries(Object.entries(tight).reverse());
      for (const order of [tight, reversed]) {
        const refused = { allowed: false, used: [4, 4, 4, 4, 4] };
        expect(await charge(store, 2, order)).toEqual(refused);
      }
    }
    expect(await charge(store, 2, { ...limits, fresh: 1 })).toMatchObject({ allowed: false });
    expect(await store.get(partition, ['fresh'])).toEqual([0]);
    expect(await charge(store, 5, limits)).toEqual({ allowed: true, used: [9, 9, 9, 9, 9] });
  });

  test('the limit of each call counts, not one of an earlier call', async () => {
    const { store } = await createStore();
    await charge(store, 5, { a: 5 });
    expect(await charge(store, 1, { a: 5 })).toEqual({ allowed: false, used: [5] });
    expect(await charge(store, 1, { a: 6 })).toEqual({ allowed: true, used: [6] });
    expect(await charge(store, 1, { a: 2 })).toEqual({ allowed: false, used: [6] });
    expect(await charge(store, 1, { a: null })).toEqual({ allowed: true, used: [7] });
    expect(await charge(store, 1, { a: 7 })).toEqual({ allowed: false, used: [7] });
    expect(await charge(store, 1, { a: 8 })).toEqual({ allowed: true, used: [8] });
  });

  test('no two names share a counter', async () => {
    const { store } = await createStore();
    const names = [
      'a',
      'A',
      'a ',
      ' a',
      'é',
      'e\u0301',
      '{a}',
      'a:b',
      'a/b',
      '%',
      '_',
      "'",
      '日本',
    ];
    names.push('__proto__', 'constructor', '🎈', `${'x'.repeat(399)}y`, `${'x'.repeat(399)}z`);
    for (const [index, name] of names.entries()) {
      const request = { cost: index + 1, windows: [{ key: name, limit: null, expiresAt }] };
      await store.consume({ ...request, partition });
      await store.consume({ ...request, partition: name.slice(0, 255) });
    }
    const expected = names.map((_, index) => index + 1);
    expect(await store.get(partition, names)).toEqual(expected);
    await charge(store, 1, { 'b:c': null });
    await store.consume({
      partition: `${partition}:b`,
      cost: 5,
      windows: [{ key: 'c', limit: null, expiresAt }],
    });
    expect(await store.get(partition, ['b:c', 'c'])).toEqual([1, 0]);
  });

  test('a thousand charges at once against a limit of a hundred: exactly a hundred', async () => {
    const { store } = await createStore();
    const limits = { day: 100, month: 200, activity: null };
    const results = await Promise.all(range(1000).map(() => charge(store, 1, limits)));
    expect(results.filter(({ allowed }) => allowed)).toHaveLength(100);
    expect(await store.get(partition, Object.keys(limits))).toEqual([100, 100, 100]);
  });

  test('mixed costs at once never pass the limit, and all that was allowed is counted', async () => {
    const { store } = await createStore();
    const costs = range(200).map((index) => (index % 7) + 1);
    const results = await Promise.all(costs.map((cost) => charge(store, cost, { a: 150, b: 160 })));
    const allowed = costs.filter((_, index) => results[index]?.allowed);
    const sum = allowed.reduce((total, cost) => total + cost, 0);
    expect(sum).toBeLessThanOrEqual(150);
    expect(sum).toBeGreaterThan(143);
    expect(await store.get(partition, ['a', 'b'])).toEqual([sum, sum]);
  });

  test('charges that name their counters in opposite order do not block each other', async () => {
    const { store } = await createStore();
    const orders = [
      { a: 50, b: 50 },
      { b: 50, a: 50 },
    ];
    const results = await Promise.all(
      range(100).flatMap(() => orders.map((order) => charge(store, 1, order))),
    );
    expect(results.filter(({ allowed }) => allowed)).toHaveLength(50);
    expect(await store.get(partition, ['a', 'b'])).toEqual([50, 50]);
  });

  test('the request is left as it was given', async () => {
    const { store } = await createStore();
    const window = Object.freeze({ key: 'a', limit: 1, expiresAt });
    const request = Object.freeze({ partition, cost: 1, windows: Object.freeze([window]) });
    await store.consume(request);
    expect(await store.consume(request)).toEqual({ allowed: false, used: [1] });
  });
});

test.each(storages.filter(({ name }) => name !== 'memory'))(
  'a store that is gone rejects ($name)',
  async ({ create }) => {
    const storage = create();
    await expect(charge(storage.rateLimits, 1, { a: 1 })).rejects.toThrow();
    await storage.migrate();
    await storage.close();
    await expect(charge(storage.rateLimits, 1, { a: 1 })).rejects.toThrow();
    await expect(storage.rateLimits.get(partition, ['a'])).rejects.toThrow();
  },
);

describe('in memory', () => {
  const createStore = () => {
    let now = 0;
    const { rateLimits: store } = memoryStorage({ now: () => now });
    const consume = (keys: readonly string[], end: number) =>
      store.consume({
        partition,
        cost: 1,
        windows: keys.map((key) => ({ key, limit: null, expiresAt: end })),
      });
    const setNow = (value: number) => {
      now = value;
    };
    return { store, consume, setNow };
  };

  test('counters go once they have expired, and no other ever does', async () => {
    const { store, consume, setNow } = createStore();
    const old = range(1000).map((index) => `old-${index}`);
    for (const key of old) await consume([key], 10);
    await consume(['victim'], 1_000_000);
    setNow(11);
    for (const index of range(10_000)) await consume([`new-${index}`], 1_000_000);
    expect((await store.get(partition, old)).every((used) => used === 0)).toBe(true);
    expect(await store.get(partition, ['victim', 'new-0', 'new-9999'])).toEqual([1, 1, 1]);
  });

  test('clean-up keeps pace with charges that each bring several new counters', async () => {
    const { store, consume, setNow } = createStore();
    const keys = (index: number) => range(6).map((key) => `${index}-${key}`);
    for (const index of range(200)) await consume(keys(index), 10);
    setNow(11);
    for (const index of range(2000)) await consume(keys(200 + index), 1_000_000);
    const old = await store.get(partition, range(200).flatMap(keys));
    expect(old.filter((used) => used > 0)).toEqual([]);
  });
});
