import { setTimeout as pause } from 'node:timers/promises';
import { systemActor } from 'org-user-manager';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openTables } from '../fixtures/place.ts';
import { type SharedEngine, sharedEngines } from '../fixtures/places.ts';
import { tokenIn } from '../fixtures/recording-mailer.ts';
import { describeEach, redisUrl } from '../fixtures/servers.ts';
import type { Call, CallReport } from '../fixtures/worker-commands.ts';
import { startWorker, type Worker } from '../fixtures/workers.ts';
import { dropKeys } from '../redis/shared-redis.ts';
import { openStadium, type Stadium } from './open-stadium.ts';

const userId = 'u_1';

/** One call in another process; how it ended. */
async function callIn(worker: Worker | undefined, call: Call): Promise<string> {
  const racing = { orgId: '', by: 'nobody', at: 0n, pendingInvitationLimit: 1000 };
  const report = await worker?.ask<CallReport>({ do: 'call', ...racing, call });
  return report?.outcome ?? 'no worker';
}

async function openOrganization({ manager }: Stadium) {
  const orgId = crypto.randomUUID();
  const member = { orgId, userId };
  const admin = { userId, email: 'u_1@acme.example.com' };
  await manager.createOrganization({ orgId, name: 'Acme', admin });
  const charge = (worker: Worker | undefined, cost = 1) =>
    callIn(worker, { method: 'consume', input: { ...member, cost } });
  const used = async () => {
    const { windows } = await manager.usage({ ...member, actor: systemActor });
    return windows.map((window) => window.used);
  };
  return { orgId, member, charge, used };
}

/** An engine with its counters in Redis. */
function withRedis(engine: SharedEngine): SharedEngine {
  async function create() {
    const { place, drop } = await engine.create();
    const keyPrefix = `oum-race-${crypto.randomUUID()}:`;
    return {
      place: { ...place, redis: { url: redisUrl, keyPrefix } },
      async drop() {
        await dropKeys(redisUrl, keyPrefix);
        await drop();
      },
    };
  }
  const name = `${engine.name} with counters in Redis`;
  return { name, needs: [...engine.needs, 'Redis'], create };
}

const engines = sharedEngines();

describeEach([...engines, ...engines.slice(0, 1).map(withRedis)])(
  'several processes on $name',
  (engine) => {
    let stadium: Stadium;

    beforeAll(async () => {
      stadium = await openStadium(engine);
    });

    afterAll(async () => {
      expect(await stadium.leave()).toEqual([]);
    });

    test('honour a limit that one of them has set, from the next request on', async () => {
      const { member, charge } = await openOrganization(stadium);
      const { workers } = stadium;
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

    test('honour that one of them has disabled a member, from the next request on', async () => {
      const { orgId, member, charge } = await openOrganization(stadium);
      const { workers, manager } = stadium;
      const email = 'u_2@acme.example.com';
      const invited = await manager.invite({ orgId, actor: systemActor, email, role: 'admin' });
      if (invited.outcome !== 'invited') throw new Error(invited.outcome);
      const token = tokenIn(invited.invitation.link ?? '');
      const account = { userId: 'u_2', email, emailVerified: true };
      await manager.accept({ token, account });
      for (const worker of workers) expect(await charge(worker)).toBe('allowed');
      const disabling = {
        method: 'disable',
        input: { ...member, actor: { userId: 'u_2' } },
      } as const;
      expect(['done', 'repeated']).toContain(await callIn(workers[0], disabling));
      for (const worker of workers) expect(await charge(worker)).toBe('member_disabled');
    });

    test('tell each share of a limit once among them, however they race', async () => {
      const { orgId, member, charge, used } = await openOrganization(stadium);
      const { workers, place, manager } = stadium;
      const tables = openTables(place);
      onTestFinished(() => tables.destroy());
      await manager.setLimit({ ...member, actor: systemActor, daily: 30, monthly: 40 });
      const charges = Array.from({ length: 45 }, (_, index) => charge(workers[index % 3]));
      const outcomes = await Promise.all(charges);
      expect(outcomes.filter((outcome) => outcome === 'allowed')).toHaveLength(30);
      expect(await used()).toEqual([30, 30]);
      // Every event is audited in the transaction that lets it out: 80 % and 100 % of the day's limit.
      const told = async () => {
        const entries = await tables
          .selectFrom('oum_audit_entry')
          .select('subject')
          .where('org_id', '=', orgId)
          .where('action', '=', 'usage.threshold_reached')
          .execute();
        return entries.length;
      };
      expect(await told()).toBe(2);
      // Units that come back and are charged again tell nothing new; the month's share is told once.
      const units = -10;
      await manager.record({ ...member, units });
      await manager.setLimit({ ...member, actor: systemActor, daily: null });
      await Promise.all(Array.from({ length: 30 }, (_, index) => charge(workers[index % 3])));
      expect(await used()).toEqual([40, 40]);
      expect(await told()).toBe(4);
    });

    test('settle a reservation once, and charge an idempotency key once', async () => {
      const { member, used } = await openOrganization(stadium);
      const { workers } = stadium;
      let expected = 0;
      for (let round = 0; round < 4; round += 1) {
        const keyed = { ...member, cost: 3, idempotencyKey: `round-${round}` };
        const charges = workers.map((worker) =>
          callIn(worker, { method: 'consume', input: keyed }),
        );
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
      // Processes that have looked for such units before look again a minute later.
      const fresh = await openStadium(engine);
      onTestFinished(async () => expect(await fresh.leave()).toEqual([]));
      const { member, charge, used } = await openOrganization(fresh);
      const { workers, place, manager } = fresh;
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
  },
);
