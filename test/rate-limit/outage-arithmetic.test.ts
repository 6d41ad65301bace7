/**
 * Random sequences of charges, reservations and settlements while the store of the counters comes and
 * goes, beside a model that adds up what was admitted and what was used.
 */
import fc from 'fast-check';
import type {
  ChargeRequest,
  OrgUserManager,
  OrgUserManagerOptions,
  RateLimitStore,
  ReserveDecision,
  SettledReservation,
} from 'org-user-manager';
import { isOrgUserManagerError, OrgUserManagerError } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { expect, test } from 'vitest';
import { createManager } from '../fixtures/manager.ts';
import { admin, createTeam, orgId } from '../fixtures/team.ts';

type Policy = OrgUserManagerOptions['onStoreError'];

const limit = 100;
const bound = 30;
const userId = 'u_1';
const call = { orgId, userId };
const dayKey = 'u/2026-11-23//u_1';
const minute = 60_000;

/** What the line of one process does to its calls. */
interface Line {
  isCut: boolean;
  /** Whether it says of calls that do not arrive that they certainly have charged nothing. */
  isRefusing: boolean;
  /** What becomes of the next charge: it never arrives, or its answer is lost. */
  loss: 'before' | 'after' | undefined;
}

/** What lost calls leave uncertain, in units of the member's day. */
interface Doubt {
  /** Allowed by the policy, perhaps, and never counted. */
  uncounted: number;
  /** Counted, and perhaps never used. */
  unused: number;
}

/** A charge that is made at most once however often it is sent. */
const isOnce = ({ windows }: ChargeRequest) => windows.some(({ key }) => /^[kr]\//.test(key));

function throughLine(store: RateLimitStore, line: Line, doubt: Doubt): RateLimitStore {
  const fail = (units = 0) => {
    if (line.isRefusing) throw new OrgUserManagerError('unavailable', { done: false });
    doubt.uncounted += Math.max(0, units);
    throw new Error('connection reset');
  };
  return {
    async consume(request) {
      const window = request.windows.find(({ key }) => key === dayKey);
      const units = window === undefined || isOnce(request) ? 0 : window.cost;
      const { loss } = line;
      if (line.isCut || loss === 'before') {
        line.loss = undefined;
        return fail(units);
      }
      const result = await store.consume(request);
      if (loss === undefined) return result;
      line.loss = undefined;
      doubt[result.allowed ? 'unused' : 'uncounted'] += Math.max(0, units);
      return fail();
    },
    get: async (partition, keys) => (line.isCut ? fail() : store.get(partition, keys)),
  };
}

/** A reservation of the run, and what its caller knows. */
interface Held {
  readonly decision: Extract<ReserveDecision, { readonly allowed: true }>;
  readonly process: number;
  readonly expiresAt: number;
  /** What it was settled with, and whether in time. */
  settled?: { readonly units: number; readonly inTime: boolean };
  /** The least that a settlement without an answer has asked for: it may have arrived. */
  tried: number;
}

/** A step of a run; numbers choose among what there is. */
type Step =
  | { readonly do: 'consume' | 'reserve'; readonly process: number; readonly units: number }
  | {
      readonly do: 'settle';
      readonly process: number;
      readonly which: number;
      readonly share: number;
      readonly byToken: boolean;
    }
  | { readonly do: 'pass'; readonly minutes: number }
  | { readonly do: 'look' | 'cut' | 'refuse' | 'give up' | 'mend'; readonly process: number }
  | { readonly do: 'lose'; readonly process: number; readonly loss: 'before' | 'after' };

const process = fc.nat({ max: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('consume' as const, 'reserve' as const),
      process,
      units: fc.integer({ min: 1, max: 50 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      process,
      which: fc.nat({ max: 5 }),
      share: fc.constantFrom(0, 0, 0.5, 1, 1.5),
      byToken: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pass' as const), minutes: fc.constantFrom(1, 6, 11) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom<'look' | 'cut' | 'refuse' | 'give up' | 'mend'>(
        'look',
        'cut',
        'refuse',
        'give up',
        'mend',
      ),
      process,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('lose' as const),
      process,
      loss: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
);

/** One member with a limit, and processes whose lines to the counters can fail. */
async function openRun(store: RateLimitStore, policy: Policy, processes: number) {
  const storage = { ...memoryStorage({ now: () => 0 }), close: async () => undefined };
  const doubt: Doubt = { uncounted: 0, unused: 0 };
  const lines = Array.from(
    { length: processes },
    (): Line => ({ isCut: false, isRefusing: false, loss: undefined }),
  );
  const [first, ...others] = lines.map((line) => throughLine(store, line, doubt));
  const options = { onStoreError: policy, onError: () => undefined };
  const { manager, clock, join } = await createTeam(storage, { ...options, rateLimitStore: first });
  await join(userId);
  await manager.setLimit({ ...call, actor: admin, daily: limit });
  const managers = [manager];
  for (const rateLimitStore of others) {
    const other = await createManager(storage, { ...options, clock, rateLimitStore });
    managers.push(other.manager);
  }
  return { managers, lines, doubt, clock };
}

/** Runs steps, and compares what is admitted and what is counted with the model after each. */
class Run {
  readonly #managers: readonly OrgUserManager[];
  readonly #lines: readonly Line[];
  readonly #doubt: Doubt;
  readonly #clock: { now(): number; advance(ms: number): void };
  readonly #policy: Policy;
  readonly #held: Held[] = [];
  #counted = 0;
  #uncounted = 0;

  constructor(
    { managers, lines, doubt, clock }: Awaited<ReturnType<typeof openRun>>,
    policy: Policy,
  ) {
    this.#managers = managers;
    this.#lines = lines;
    this.#doubt = doubt;
    this.#clock = clock;
    this.#policy = policy;
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'pass') this.#clock.advance(step.minutes * minute);
    else await this.#takeIn(step);
    await idle();
    this.#check();
  }

  async #takeIn(step: Exclude<Step, { readonly do: 'pass' }>): Promise<void> {
    const index = step.process % this.#managers.length;
    const [manager, line] = [this.#managers[index], this.#lines[index]];
    if (!manager || !line) throw new Error('no process');
    if (step.do === 'consume') await this.#consume(manager, step.units);
    else if (step.do === 'reserve') await this.#reserve(index, step.units);
    else if (step.do === 'settle') await this.#settleOne(manager, index, step);
    else if (step.do === 'look') await manager.deliverMail();
    else if (step.do === 'lose') line.loss = step.loss;
    else if (step.do === 'mend') await this.#mend(manager, line);
    else await this.#cut(manager, line, step.do);
  }

  async #cut(
    manager: OrgUserManager,
    line: Line,
    how: 'cut' | 'refuse' | 'give up',
  ): Promise<void> {
    line.isCut = true;
    if (how !== 'give up') line.isRefusing = how === 'refuse';
    // So many failures, and the store is left alone.
    for (let look = 0; how === 'give up' && look < 5; look += 1) await lookAt(manager);
  }

  async #mend(manager: OrgUserManager, line: Line): Promise<void> {
    Object.assign(line, { isCut: false, isRefusing: false, loss: undefined });
    this.#clock.advance(1000);
    await lookAt(manager);
  }

  async #consume(manager: OrgUserManager, cost: number): Promise<void> {
    const decision = await unlessAway(manager.consume({ ...call, cost }));
    if (!decision?.allowed) return;
    if (decision.uncounted) this.#uncounted += cost;
    else this.#counted += cost;
  }

  async #reserve(index: number, estimate: number): Promise<void> {
    const before = { ...this.#doubt };
    const decision = await unlessAway(
      this.#managers[index]?.reserve({ ...call, estimate }) ?? Promise.reject(),
    );
    // Its settlement counts what was used, whatever became of the estimate.
    this.#doubt.uncounted = Math.min(this.#doubt.uncounted, before.uncounted);
    if (!decision?.allowed) return;
    const expiresAt = decision.reservation.expiresAt.getTime();
    this.#held.push({ decision, process: index, expiresAt, tried: estimate });
  }

  async #settleOne(
    manager: OrgUserManager,
    index: number,
    { which, share, byToken }: Extract<Step, { readonly do: 'settle' }>,
  ): Promise<void> {
    const open = this.#held.filter(({ settled }) => settled === undefined);
    const held = open[which % Math.max(1, open.length)];
    if (!held) return;
    const actual = Math.floor(held.decision.cost * share);
    const { reservation } = held.decision;
    const isOwn = held.process === index && !byToken;
    const settling = isOwn
      ? actual === 0
        ? reservation.release()
        : reservation.commit(actual)
      : manager.settleReservation({ token: reservation.token, actual });
    const settlement = await unlessAway(settling);
    if (settlement) this.#note(held, settlement);
    else held.tried = Math.min(held.tried, actual);
  }

  #note(held: Held, { units }: SettledReservation): void {
    held.settled = { units, inTime: this.#clock.now() < held.expiresAt };
  }

  /** The units that a reservation keeps from others: what came late or on top has happened anyway. */
  #keptBy({ decision, settled, expiresAt, tried }: Held): number {
    if (settled) return settled.inTime ? Math.min(settled.units, decision.cost) : 0;
    return this.#clock.now() < expiresAt ? tried : 0;
  }

  #check(): void {
    const kept = (isUncounted: boolean) =>
      this.#held
        .filter(({ decision }) => (decision.uncounted === true) === isUncounted)
        .reduce((sum, held) => sum + this.#keptBy(held), 0);
    expect(this.#counted + kept(false)).toBeLessThanOrEqual(limit);
    const uncounted = this.#uncounted + kept(true);
    if (this.#policy === 'closed') expect(uncounted).toBe(0);
    if (typeof this.#policy !== 'object') return;
    expect(uncounted).toBeLessThanOrEqual(this.#managers.length * bound);
  }

  /** The store is back for everybody, and everything is settled. */
  async end(store: RateLimitStore): Promise<void> {
    for (const [index, manager] of this.#managers.entries()) {
      const line = this.#lines[index];
      if (line) await this.#mend(manager, line);
      await idle();
    }
    for (const held of this.#held) {
      if (held.settled) continue;
      this.#note(held, await held.decision.reservation.commit(held.decision.cost));
    }
    this.#clock.advance(15 * minute);
    for (const manager of this.#managers) await manager.deliverMail();
    for (const manager of this.#managers) await manager.close();
    const settled = this.#held.reduce((sum, held) => sum + (held.settled?.units ?? 0), 0);
    const used = this.#counted + this.#uncounted + settled;
    const [counter = 0] = await store.get(orgId, [dayKey]);
    const { uncounted, unused } = this.#doubt;
    expect(counter).toBeGreaterThanOrEqual(used - (this.#policy === 'closed' ? 0 : uncounted));
    expect(counter).toBeLessThanOrEqual(used + unused);
  }
}

/** What is done in the background is done. */
const idle = () => new Promise((resolve) => setImmediate(resolve));

const lookAt = (manager: OrgUserManager) => unlessAway(manager.usage({ ...call, actor: admin }));

async function unlessAway<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isOrgUserManagerError(error, 'usage_unavailable')) return undefined;
    throw error;
  }
}

const stores = {
  memory: async () => memoryStorage({ now: () => 0 }).rateLimits,
  SQLite: async () => {
    const storage = sqliteStorage({ filename: ':memory:' });
    await storage.migrate();
    return storage.rateLimits;
  },
};

const runs = (few: number) => (globalThis.process.env.OUM_THOROUGH ? few * 50 : few);

test.each([
  ['memory', 400],
  ['SQLite', 40],
] as const)(
  'on %s: no more is admitted than the limit and the policy allow, and no less is counted than was used',
  async (name, few) => {
    const policies = fc.constantFrom<Policy>('closed', 'open', { boundedOpen: bound });
    const steps = fc.array(step, { minLength: 4, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(policies, fc.constantFrom(1, 2), steps, async (policy, processes, plan) => {
        const store = await stores[name]();
        const run = new Run(await openRun(store, policy, processes), policy);
        for (const next of plan) await run.take(next);
        await run.end(store);
      }),
      { numRuns: runs(few) },
    );
  },
  600_000,
);
