import Database from 'better-sqlite3';
import type { Redis } from 'ioredis';
import { createPool } from 'mysql2';
import { Pool } from 'pg';
import {
  RateLimiterMemory,
  RateLimiterMySQL,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterSQLite,
  RateLimiterUnion,
} from 'rate-limiter-flexible';
import type { ServerPlace } from '../../fixtures/place.ts';
import { type Charge, most } from './work.ts';

const daySeconds = 24 * 3600;
// A month of memory would overflow its timer, and lose the limit: see `bench:gates`.
const month = { keyPrefix: 'month', points: most.month, duration: 20 * daySeconds };
const day = { keyPrefix: 'day', points: most.day, duration: daySeconds };

/** rate-limiter-flexible with one window, and with two in its union. */
export interface Peer {
  readonly one: Charge;
  readonly both: Charge;
  close(): unknown;
}

export function memoryPeer(): Peer {
  const [byDay, byMonth] = [new RateLimiterMemory(day), new RateLimiterMemory(month)];
  const union = new RateLimiterUnion(byDay, byMonth);
  return {
    one: (user) => byDay.consume(user),
    both: (user) => union.consume(user),
    close: () => 0,
  };
}

export function redisPeer(storeClient: Redis): Peer {
  const byDay = new RateLimiterRedis({ ...day, storeClient });
  const byMonth = new RateLimiterRedis({ ...month, storeClient });
  const union = new RateLimiterUnion(byDay, byMonth);
  return {
    one: (user) => byDay.consume(user),
    both: (user) => union.consume(user),
    close: () => 0,
  };
}

/** Refuses a user that it knows to be over the limit without asking Redis. */
export function blockingRedisPeer(storeClient: Redis): Charge {
  const limiter = new RateLimiterRedis({
    storeClient,
    keyPrefix: 'block',
    points: 1,
    duration: daySeconds,
    inMemoryBlockOnConsumed: 1,
    inMemoryBlockDuration: daySeconds,
  });
  return (user) => limiter.consume(user).catch(() => undefined);
}

const whenReady = <Limiter>(create: (ready: (error?: unknown) => void) => Limiter) =>
  new Promise<Limiter>((resolve, reject) => {
    const limiter = create((error) => (error ? reject(error) : resolve(limiter)));
  });

export async function postgresPeer({ url }: ServerPlace): Promise<Peer> {
  const storeClient = new Pool({ connectionString: url, max: 8 });
  // Its database is dropped while a connection may still be closing.
  storeClient.on('error', () => undefined);
  const create = (options: typeof day) =>
    whenReady(
      (ready) =>
        new RateLimiterPostgres(
          { ...options, storeClient, tableName: `peer_${options.keyPrefix}` },
          ready,
        ),
    );
  const [byDay, byMonth] = [await create(day), await create(month)];
  const union = new RateLimiterUnion(byDay, byMonth);
  return {
    one: (user) => byDay.consume(user),
    both: (user) => union.consume(user),
    close: () => storeClient.end(),
  };
}

export async function mariaDbPeer({ url, schema }: ServerPlace): Promise<Peer> {
  const storeClient = createPool({ uri: url, connectionLimit: 8 });
  const create = (options: typeof day) =>
    whenReady(
      (ready) =>
        new RateLimiterMySQL(
          { ...options, storeClient, dbName: schema, tableName: `peer_${options.keyPrefix}` },
          ready,
        ),
    );
  const [byDay, byMonth] = [await create(day), await create(month)];
  const union = new RateLimiterUnion(byDay, byMonth);
  return {
    one: (user) => byDay.consume(user),
    both: (user) => union.consume(user),
    close: () => storeClient.end(),
  };
}

export async function sqlitePeer(filename: string): Promise<Peer> {
  const storeClient = new Database(`${filename}-peer`);
  storeClient.pragma('journal_mode = wal');
  storeClient.pragma('synchronous = normal');
  const create = (options: typeof day) =>
    whenReady(
      (ready) =>
        new RateLimiterSQLite(
          {
            ...options,
            storeClient,
            storeType: 'better-sqlite3',
            tableName: `peer_${options.keyPrefix}`,
          },
          ready,
        ),
    );
  const [byDay, byMonth] = [await create(day), await create(month)];
  const union = new RateLimiterUnion(byDay, byMonth);
  return {
    one: (user) => byDay.consume(user),
    both: (user) => union.consume(user),
    close: () => storeClient.close(),
  };
}
