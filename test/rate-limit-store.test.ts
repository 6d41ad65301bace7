import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { storages } from './fixtures/storages.ts';

const partition = 'acme';
const range = (length: number) => Array.from({ length }, (_, index) => index);

test.each(storages.filter(({ name }) => name !== 'memory'))(
  'a store that is gone rejects ($name)',
  async ({ create }) => {
    const storage = create();
    const windows = [{ key: 'a', cost: 1, limit: 1, keepMs: 10 }];
    const charge = () => storage.rateLimits.consume({ partition, windows });
    await expect(charge()).rejects.toThrow();
    await storage.migrate();
    await storage.close();
    await expect(charge()).rejects.toThrow();
    await expect(storage.rateLimits.get(partition, ['a'])).rejects.toThrow();
  },
);

describe('in memory', () => {
  const createStore = () => {
    let now = 0;
    const { rateLimits: store } = memoryStorage({ now: () => now });
    const consume = (keys: readonly string[], keepMs: number) =>
      store.consume({
        partition,
        windows: keys.map((key) => ({ key, cost: 1, limit: null, keepMs })),
      });
    const setNow = (value: number) => {
      now = value;
    };
    return { store, consume, setNow };
  };

  test('counters go once they have expired, and no other ever does', async () => {
    const { store, consume, setNow } = createStore();
    const old = range(1000).map((index) => `old-${index}`);
    for (const key of old) await consume([key], 10_000);
    await consume(['victim'], 1_000_000);
    setNow(10_001);
    for (const index of range(10_000)) await consume([`new-${index}`], 1_000_000);
    expect((await store.get(partition, old)).every((used) => used === 0)).toBe(true);
    expect(await store.get(partition, ['victim', 'new-0', 'new-9999'])).toEqual([1, 1, 1]);
  });

  test('clean-up keeps pace with charges that each bring several new counters', async () => {
    const { store, consume, setNow } = createStore();
    const keys = (index: number) => range(6).map((key) => `${index}-${key}`);
    for (const index of range(200)) await consume(keys(index), 10_000);
    setNow(10_001);
    for (const index of range(2000)) await consume(keys(200 + index), 1_000_000);
    const old = await store.get(partition, range(200).flatMap(keys));
    expect(old.filter((used) => used > 0)).toEqual([]);
  });

  test('a clock of the machine that is set ahead drops no counter', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { rateLimits: store } = memoryStorage();
    const begin = (key: string) =>
      store.consume({ partition, windows: [{ key, cost: 1, limit: 1, keepMs: 86_400_000 }] });
    await begin('mine');
    vi.setSystemTime(Date.now() + 30 * 86_400_000);
    for (const index of range(100)) await begin(`other-${index}`);
    expect(await begin('mine')).toEqual({ allowed: false, used: [1] });
  });

  test('a charge that comes again finds its own counters, also after a clean-up', async () => {
    const { store, consume, setNow } = createStore();
    const window = Object.freeze({ key: 'mine', cost: 2, limit: 100, keepMs: 10_000 });
    const request = { partition, windows: [window] };
    const charge = async () => (await store.consume(request)).used;
    expect([await charge(), await charge(), await charge()]).toEqual([[2], [4], [6]]);
    const elsewhere = { ...request, partition: 'globex' };
    expect(await store.consume(elsewhere)).toMatchObject({ used: [2] });
    expect(await charge()).toEqual([8]);
    setNow(20_000);
    const others = range(50).map((index) => `other-${index}`);
    for (const key of others) await consume([key], 1_000_000);
    expect([await charge(), await charge()]).toEqual([[2], [4]]);
    expect(await store.get(partition, ['mine', ...others])).toEqual([4, ...others.map(() => 1)]);
  });

  test('a list that comes again with other windows charges those', async () => {
    const { store } = createStore();
    const window = (key: string, limit: number | null) =>
      Object.freeze({ key, cost: 1, limit, keepMs: 10_000 });
    const windows = [window('a', 9), window('b', 0)];
    const charge = async () => (await store.consume({ partition, windows })).used;
    expect([await charge(), await charge()]).toEqual([
      [0, 0],
      [0, 0],
    ]);
    windows[1] = window('b', 9);
    expect([await charge(), await charge()]).toEqual([
      [1, 1],
      [2, 2],
    ]);
    windows[1] = window('c', 2);
    expect(await charge()).toEqual([3, 1]);
    windows.pop();
    expect(await charge()).toEqual([4]);
    expect(await store.get(partition, ['a', 'b', 'c'])).toEqual([4, 2, 1]);
  });

  test('a window that its owner may change is read anew', async () => {
    const { store } = createStore();
    const open = { key: 'b', cost: 1, limit: 9, keepMs: 10_000 };
    const windows = [Object.freeze({ ...open, key: 'a' }), open];
    const charge = () => store.consume({ partition, windows });
    for (const _ of range(2)) await charge();
    open.limit = 2;
    expect(await charge()).toEqual({ allowed: false, used: [2, 2] });
  });
});
