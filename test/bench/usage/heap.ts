import { MemoryStore } from 'express-rate-limit';
import { RateLimiterMemory, RateLimiterUnion } from 'rate-limiter-flexible';
import { memoryStorage } from '../../../adapters/storage/memory/index.ts';
import { type Charge, chargeBoth } from './work.ts';

const members = 50_000;

/** Bytes of heap for each active member, in memory: day and month, but for the one that has one. */
export async function benchHeap(): Promise<void> {
  if (!globalThis.gc) return console.log('\nheap: left out, needs node --expose-gc');
  console.log(`\nheap bytes per active member, ${members} of them`);
  const erl = new MemoryStore();
  erl.init(Object({ windowMs: 24 * 3_600_000 }));
  const union = new RateLimiterUnion(
    new RateLimiterMemory({ keyPrefix: 'day', points: 1e9, duration: 24 * 3600 }),
    new RateLimiterMemory({ keyPrefix: 'month', points: 1e9, duration: 20 * 24 * 3600 }),
  );
  const contenders: Readonly<Record<string, Charge>> = {
    'ours, day and month': chargeBoth(memoryStorage().rateLimits),
    'rate-limiter-flexible, day and month': (user) => union.consume(user),
    'express-rate-limit, one window': async (user) => erl.increment(user),
  };
  for (const [name, charge] of Object.entries(contenders)) {
    const before = heapUsed();
    for (let index = 0; index < members; index += 1) await charge(`member-${index}`);
    console.log(`  ${name.padEnd(40)} ${((heapUsed() - before) / members).toFixed(0)} bytes`);
  }
  erl.shutdown();
}

function heapUsed(): number {
  for (let turn = 0; turn < 3; turn += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
