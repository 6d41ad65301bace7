import { memoryStorage } from '../../../adapters/storage/memory/index.ts';
import { quantile } from '../extract/measure.ts';
import { type Goal, interleave, report } from '../invite/rounds.ts';
import { mariaDbPeer, memoryPeer, type Peer, postgresPeer, sqlitePeer } from './peers.ts';
import { openMariaDb, openPostgres, openSqlite } from './stores.ts';
import { type Charge, chargeBoth, charging, type Load, slowest } from './work.ts';

interface Match {
  readonly title: string;
  readonly ours: Charge;
  readonly peer: Peer;
  readonly load: Load;
  readonly goals: readonly Omit<Goal, 'ours'>[];
}

const union = 'union, day and month';
const one = 'one window';
const again = 'union again';

/** Ours beside both forms of the peer, and the peer beside itself. */
export async function match({ title, ours, peer, load, goals }: Match, rounds: number) {
  slowest.clear();
  const times = await interleave(
    [
      charging('ours, day and month', ours, load),
      charging(union, peer.both, load),
      charging(one, peer.one, load),
      charging(again, peer.both, load),
    ],
    rounds,
  );
  const control: Goal = { id: 'A/A', ours: again, peer: union, by: 'wall' };
  report(title, times, [
    ...goals.map((goal) => ({ ...goal, ours: 'ours, day and month' })),
    control,
  ]);
  const p99 = [...slowest].map(([name, waits]) => `${name} ${quantile(waits, 0.5).toFixed(2)} ms`);
  if (load.atOnce > 1) console.log(`  p99, median of the rounds: ${p99.join(', ')}`);
}

export async function benchMemory(rounds: number): Promise<void> {
  await match(
    {
      title: 'memory, 10,000 users',
      ours: chargeBoth(memoryStorage().rateLimits),
      peer: memoryPeer(),
      load: { users: 10_000, charges: 5000, atOnce: 1 },
      goals: [{ id: 'P6', peer: union, by: 'cpu', most: 0.2 }],
    },
    rounds,
  );
}

export async function benchSqlite(rounds: number): Promise<void> {
  const { store, place, close } = await openSqlite();
  if (place.engine !== 'SQLite') return;
  const peer = await sqlitePeer(place.filename);
  await match(
    {
      title: 'SQLite in a file, 10,000 users, one at a time',
      ours: chargeBoth(store),
      peer,
      // Code that has run less often than some ten thousand times is not yet compiled for speed.
      load: { users: 10_000, charges: 1500, atOnce: 1 },
      goals: [{ id: 'P12', peer: one, by: 'wall', most: 0.5 }],
    },
    rounds,
  );
  await peer.close();
  await close();
}

export async function benchPostgres(rounds: number): Promise<void> {
  const { store, place, close } = await openPostgres();
  if (place.engine !== 'PostgreSQL') return;
  const peer = await postgresPeer(place);
  const ours = chargeBoth(store);
  const run = (title: string, load: Load, goals: Match['goals']) =>
    match({ title: `PostgreSQL, ${title}`, ours, peer, load, goals }, rounds);
  await run('10,000 users, one at a time', { users: 10_000, charges: 60, atOnce: 1 }, [
    { id: 'P9', peer: union, by: 'wall', most: 0.8 },
  ]);
  await run('10,000 users, 64 at once', { users: 10_000, charges: 640, atOnce: 64 }, [
    { id: 'P10', peer: union, by: 'wall', most: 1 / 6 },
  ]);
  await run('one user, 64 at once', { users: 1, charges: 640, atOnce: 64 }, [
    { id: 'P11', peer: one, by: 'wall', most: 1 / 12 },
    { id: 'P11 CPU of this process', peer: one, by: 'cpu', most: 0.1 },
  ]);
  await peer.close();
  await close();
}

export async function benchMariaDb(rounds: number): Promise<void> {
  const { store, place, close } = await openMariaDb();
  if (place.engine !== 'MariaDB') return;
  const peer = await mariaDbPeer(place);
  for (const [title, load] of Object.entries({
    'one at a time': { users: 10_000, charges: 60, atOnce: 1 },
    '64 at once': { users: 10_000, charges: 320, atOnce: 64 },
  })) {
    await match(
      {
        title: `MariaDB, 10,000 users, ${title}`,
        ours: chargeBoth(store),
        peer,
        load,
        goals: [{ id: 'P13', peer: one, by: 'wall', most: 0.6 }],
      },
      rounds,
    );
  }
  await peer.close();
  await close();
}
