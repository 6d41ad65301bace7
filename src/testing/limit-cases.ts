import assert from 'node:assert/strict';
import type { UsageLimit } from '../model/usage-limit.ts';
import { found, join } from './prepare.ts';
import { now, sampleMember } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';

const most = Number.MAX_SAFE_INTEGER;

// One member for each way to be limited; the founding admin has no limit.
const limits: readonly UsageLimit[] = [
  { daily: null, monthly: null },
  { daily: 0, monthly: null },
  { daily: 5, monthly: 0 },
  { daily: 10, monthly: 100 },
  { daily: 11, monthly: null },
  { daily: null, monthly: 101 },
  { daily: most, monthly: most - 1 },
  { daily: 1, monthly: most },
];

/** How members are limited, counted. */
export const limitCases: StorageCases = {
  'limits: active members are counted by how they are limited': async (storage) => {
    await found(storage, { allocation: { daily: 10, monthly: 100 } });
    const members = limits.map((limit, index) => sampleMember(`user-${index}`, { limit }));
    await join(storage, ...members);
    const gone = { status: 'disabled', disabledAt: now, limit: { daily: 0, monthly: 0 } } as const;
    const sam = sampleMember('sam');
    await join(storage, sam);
    await storage.transaction('acme', (tx) => tx.updateMember(sam, { ...sam, ...gone }));
    assert.deepEqual(await storage.countLimits('acme'), {
      members: 9,
      withoutLimit: 2,
      blocked: 2,
      aboveAllocation: 4,
      dailyAboveMonthly: 2,
    });
  },
  'limits: nothing is above an allocation that there is not': async (storage) => {
    await found(storage);
    await join(storage, sampleMember('sam', { limit: { daily: most, monthly: null } }));
    const counts = { members: 2, withoutLimit: 1, blocked: 0, aboveAllocation: 0 };
    assert.deepEqual(await storage.countLimits('acme'), { ...counts, dailyAboveMonthly: 0 });
    const none = { members: 0, withoutLimit: 0, blocked: 0, aboveAllocation: 0 };
    assert.deepEqual(await storage.countLimits('nowhere'), { ...none, dailyAboveMonthly: 0 });
  },
};
