import { setTimeout as pause } from 'node:timers/promises';
import { systemActor } from 'org-user-manager';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type SharedEngine, sharedEngines } from '../fixtures/places.ts';
import type { Call, CallReport } from '../fixtures/worker-commands.ts';
import { startWorker, type Worker } from '../fixtures/workers.ts';
import { openStadium } from './open-stadium.ts';

const orgId = 'acme';
const userId = 'u_1';
const member = { orgId, userId };

/** One call in another process; how it ended. */
async function callIn(worker: Worker | undefined, call: Call): Promise<string> {
  const racing = { orgId, by: 'nobody', at: 0n, pendingInvitationLimit: 1000 };
  const report = await worker?.ask<CallReport>({ do: 'call', ...racing, call });
  return report?.outcome ?? 'no worker';
}

async function openOrganization(engine: SharedEngine) {
  const stadium = await openStadium(engine);
  const admin = { userId, email: 'u_1@acme.example.com' };
  await stadium.manager.createOrganization({ orgId, name: 'Acme', admin });
  const charge = (worker: Worker | undefined, cost = 1) =>
    callIn(worker, { method: 'consume', input: { ...member, cost } });
  const used = async () => {
    const { windows } = await stadium.manager.usage({ ...member, actor: systemActor });
    return windows.map((window) => window.used);
  };
  return { ...stadium, charge, used };
}

describe.each(await sharedEngines())('several processes on $name', (engine) => {
  test('honour a limit that one of them has set, from the next request on', async () => {
    const { workers, charge, leave } = await openOrganization(engine);
    onTestFinished(async () => expect(await leave()).toEqual([]));
    for (let daily = 1; daily <= 8; daily += 1) {
      const [setting, charging] = daily % 2 ? workers : workers.toReversed();
      const input = { ...member, actor: systemActor, daily };
      await callIn(setting, { method: 'setLimit', input });
      expect([daily, await charge(charging), await charge(charging)]).toEqual([
        daily,
        'allowed',
        'limit_exceeded',
      ]);
    }
    const lowered = { ...member, actor: systemActor, daily: 5 };
    await callIn(workers[0], { method: 'setLimit', input: lowered });
    expect(await charge(workers[1])).toBe('limit_exceeded');
    await callIn(workers[1], { method: 'setLimit', input: { ...lowered, daily: null } });
    expect(await charge(workers[0])).toBe('allowed');
  });

  test('settle a reservation once, and charge an idempotency key once', async () => {
    const { workers, used, leave } = await openOrganization(engine);
    onTestFinished(async () => expect(await leave()).toEqual([]));
    let expected = 0;
    for (let round = 0; round < 4; round += 1) {
      const keyed = { ...member, cost: 3, idempotencyKey: `round-${round}` };
      const charges = workers.map((worker) => callIn(worker, { method: 'consume', input: keyed }));
      expect(new Set(await Promise.all(charges))).toEqual(new Set(['allowed']));
      const estimate = { ...member, estimate: 10 };
      const token = await callIn(workers[0], { method: 'reserve', input: estimate });
      const settlements = await Promise.all(
        workers.map((worker, index) => {
          const input = { token, actual: 5 + index * 10 };
          return callIn(worker, { method: 'settleReservation', input });
        }),
      );
      const units = Math.max(...settlements.map((settlement) => Number.parseInt(settlement, 10)));
      expect(settlements.toSorted()).toEqual([
        `${units}`,
        `${units} replayed`,
        `${units} replayed`,
      ]);
      expected += 3 + units;
      expect(await used()).toEqual([expected, expected]);
    }
  });

  test('give back what a process has reserved that was killed', async () => {
    const { workers, place, manager, charge, used, leave } = await openOrganization(engine);
    onTestFinished(async () => expect(await leave()).toEqual([]));
    await manager.setLimit({ ...member, actor: systemActor, daily: 10 });
    const doomed = await startWorker();
    await doomed.ask({ do: 'open', place });
    const input = { ...member, estimate: 8, ttlMs: 1000 };
    await callIn(doomed, { method: 'reserve', input });
    await callIn(doomed, { method: 'reserve', input: { ...input, estimate: 1 } });
    await doomed.kill();
    await pause(1100);
    const charges = workers.slice(0, 2).map((worker) => charge(worker, 5));
    expect(await Promise.all(charges)).toEqual(['allowed', 'allowed']);
    expect(await used()).toEqual([10, 10]);
    expect(await charge(workers[0])).toBe('limit_exceeded');
  });
});
