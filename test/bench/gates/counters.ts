/** The gates of counting: C1, C4, C5, and a charge that is too large. */
import { setTimeout } from 'node:timers/promises';
import { MemoryStore } from 'express-rate-limit';
import { RateLimiterMemory, RateLimiterUnion } from 'rate-limiter-flexible';
import { memoryStorage } from '../../../adapters/storage/memory/index.ts';
import type { RateLimitStore } from '../../../src/index.ts';
import type { Row } from './row.ts';

const dayMs = 24 * 3_600_000;

const charge = (store: RateLimitStore, limits: Readonly<Record<string, number>>, cost = 1) =>
  store.consume({
    partition: 'acme',
    windows: Object.entries(limits).map(([key, limit]) => ({
      key,
      cost,
      limit,
      keepMs: 31 * dayMs,
    })),
  });

/** How many of so many calls, 20 ms apart, are allowed. */
async function countAllowed(calls: number, consume: () => Promise<boolean>): Promise<string> {
  let allowed = 0;
  for (let call = 0; call < calls; call += 1) {
    allowed += Number(await consume());
    await setTimeout(20);
  }
  return `${allowed} of ${calls}`;
}

const isAllowed = (consume: Promise<unknown>) =>
  consume.then(
    () => true,
    () => false,
  );

async function gateC1(): Promise<readonly Row[]> {
  const { rateLimits } = memoryStorage();
  const ours = await countAllowed(12, async () => (await charge(rateLimits, { month: 5 })).allowed);
  const rlf = new RateLimiterMemory({ points: 5, duration: 30 * 24 * 3600 });
  const theirs = await countAllowed(12, () => isAllowed(rlf.consume('user')));
  const erl = new MemoryStore();
  erl.init(Object({ windowMs: 30 * dayMs }));
  const others = await countAllowed(12, async () => (await erl.increment('user')).totalHits <= 5);
  erl.shutdown();
  return [
    ['C1 limit 5 in 30 days, memory', '5 of 12', ours, `rate-limiter-flexible ${theirs}`],
    ['C1', '5 of 12', ours, `express-rate-limit ${others}`],
  ];
}

async function gateC4(): Promise<readonly Row[]> {
  const { rateLimits } = memoryStorage();
  const results = await Promise.all(
    Array.from({ length: 500 }, () => charge(rateLimits, { day: 300 })),
  );
  const ours = results.filter(({ allowed }) => allowed).length;
  const rlf = new RateLimiterMemory({ points: 300, duration: 3600 });
  const peers = await Promise.all(
    Array.from({ length: 500 }, () => isAllowed(rlf.consume('user'))),
  );
  const theirs = peers.filter(Boolean).length;
  return [['C4 500 at once, limit 300', '300', `${ours}`, `rate-limiter-flexible ${theirs}`]];
}

async function gateC5(): Promise<readonly Row[]> {
  const { rateLimits } = memoryStorage();
  for (let call = 0; call < 50; call += 1) await charge(rateLimits, { day: 3, month: 100 });
  const [, ours] = await rateLimits.get('acme', ['day', 'month']);
  const month = new RateLimiterMemory({ keyPrefix: 'month', points: 100, duration: 86_400 });
  const day = new RateLimiterMemory({ keyPrefix: 'day', points: 3, duration: 86_400 });
  const union = new RateLimiterUnion(day, month);
  for (let call = 0; call < 50; call += 1) await isAllowed(union.consume('user'));
  const theirs = (await month.get('user'))?.consumedPoints;
  const what = 'C5 month after 50 calls, day 3';
  return [[what, '3', `${ours}`, `rate-limiter-flexible union ${theirs}`]];
}

async function gateOversize(): Promise<readonly Row[]> {
  const { rateLimits } = memoryStorage();
  await charge(rateLimits, { day: 10 });
  await charge(rateLimits, { day: 10 }, 500);
  const [ours] = await rateLimits.get('acme', ['day']);
  const rlf = new RateLimiterMemory({ points: 10, duration: 3600 });
  await isAllowed(rlf.consume('user'));
  await isAllowed(rlf.consume('user', 500));
  const theirs = (await rlf.get('user'))?.consumedPoints;
  return [['1, then 500 refused of 10: used', '1', `${ours}`, `rate-limiter-flexible ${theirs}`]];
}

export const counterGates = [gateC1, gateC4, gateC5, gateOversize];
