/** Charges that share statements, some of which are made before the others fail or wait: each is told its own. */
import { setTimeout } from 'node:timers/promises';
import { Kysely, type Logger } from 'kysely';
import { kyselyStorage } from 'org-user-manager/kysely';
import { expect, onTestFinished, test } from 'vitest';
import { createGate } from '../fixtures/gate.ts';
import { openTables, serverDialect } from '../fixtures/place.ts';
import { type SharedEngine, sharedEngines } from '../fixtures/places.ts';
import { describeEach } from '../fixtures/servers.ts';

async function open({ create }: SharedEngine) {
  const { place, drop } = await create();
  onTestFinished(drop);
  if (!('url' in place)) throw new Error('a file has one writer');
  const nothing = async (): Promise<unknown> => undefined;
  const state = { afterRead: (_count: number) => nothing(), afterCharge: nothing };
  let reads = 0;
  // Kysely waits for it after each statement.
  const log: Logger = async ({ query }) => {
    if (!query.sql.includes('oum_usage')) return;
    if (query.sql.startsWith('select')) reads += 1;
    await (query.sql.startsWith('select') ? state.afterRead(reads) : state.afterCharge());
  };
  const db = new Kysely<object>({ dialect: serverDialect(place), log });
  onTestFinished(() => db.destroy());
  const { rateLimits: store, migrate } = kyselyStorage(db, { schema: place.schema });
  await migrate();
  const others = openTables(place);
  onTestFinished(() => others.destroy());

  const charge = async (partition: string, cost: number, limit: number | null = null) =>
    store.consume({
      partition,
      windows: [{ key: 'k', cost, limit, keepMs: 3_600_000 }],
      caller: { isGone: false, remainingMs: 2000 },
    });
  /** What somebody else makes of the counter. */
  const set = (used: number) =>
    others.updateTable('oum_usage').set({ used, cap: null }).where('org_id', '=', 'a').execute();
  const used = async () => [...(await store.get('a', ['k'])), ...(await store.get('b', ['k']))];

  /** Three charges in one statement, which is refused; and again, after units of `a` came back. */
  async function chargeThree() {
    await charge('a', 9);
    await charge('b', 1);
    reads = 0;
    const first = charge('a', 0);
    const ofA = [charge('a', 1, 10), charge('a', 5, 10)];
    // As soon as the first one is back, so that it leaves with the others.
    const ofB = first.then(() => charge('b', 1));
    return Promise.allSettled([...ofA, ofB]);
  }

  async function lock() {
    const gate = createGate();
    const released = others.transaction().execute(async (trx) => {
      await trx.selectFrom('oum_usage').selectAll().where('org_id', '=', 'a').forUpdate().execute();
      await gate.pass();
    });
    await gate.reached;
    return () => {
      gate.open();
      return released;
    };
  }
  return { state, set, used, chargeThree, lock };
}

const allowed = (used: number) => ({ status: 'fulfilled', value: { allowed: true, used: [used] } });

describeEach(sharedEngines().filter(({ name }) => name !== 'SQLite'))('$name', (engine) => {
  test('those that were made are not made again when the others wait for a lock', async () => {
    const { state, set, used, chargeThree, lock } = await open(engine);
    let released: Promise<unknown> = Promise.resolve();
    state.afterRead = async (count) => {
      if (count === 1) await set(4);
      if (count !== 2) return;
      const release = await lock();
      released = setTimeout(900).then(release);
    };
    expect(await chargeThree()).toEqual([allowed(5), allowed(10), allowed(2)]);
    await released;
    expect(await used()).toEqual([10, 2]);
  });

  test('those that were made are allowed when the others lose again and again', async () => {
    const { state, set, used, chargeThree } = await open(engine);
    state.afterRead = async (count) => {
      await set(count === 1 ? 4 : 10);
      if (count === 2) state.afterCharge = () => set(5);
    };
    const conflict = { status: 'rejected', reason: { code: 'conflict' } };
    expect(await chargeThree()).toMatchObject([allowed(5), conflict, allowed(2)]);
    state.afterRead = async () => undefined;
    // The 10 are what others made of it.
    expect(await used()).toEqual([10, 2]);
  });
});
