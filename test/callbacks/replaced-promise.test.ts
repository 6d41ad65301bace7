/** Applications that replace the global Promise, as zone.js does, and bluebird where it is installed so. */
import type { Clock, Storage } from 'org-user-manager';
import type { UsageGuardOptions } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { CallbackDoor } from './callback-doors.ts';
import { countExits } from './exits.ts';

const Native = Promise;
type Listen<Value> = ((value: Value) => unknown) | null;

/** Promises of another library: none of them is an instance of the native class, nor the other way round. */
class OtherPromise<Value> {
  readonly #inner: Promise<Value>;

  constructor(executor: ConstructorParameters<typeof Promise<Value>>[0]) {
    this.#inner = new Native(executor);
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise.
  then(fulfilled?: Listen<Value>, rejected?: Listen<unknown>): OtherPromise<unknown> {
    return other(this.#inner.then(fulfilled, rejected));
  }

  catch(rejected: Listen<unknown>): OtherPromise<unknown> {
    return this.then(null, rejected);
  }

  finally(settled: () => void): OtherPromise<unknown> {
    return other(this.#inner.finally(settled));
  }

  static resolve = (value: unknown) => other(Native.resolve(value));
  static reject = (reason: unknown) => other(Native.reject(reason));
  static all = (values: readonly unknown[]) => other(Native.all(values));
  static allSettled = (values: readonly unknown[]) => other(Native.allSettled(values));
  static race = (values: readonly unknown[]) => other(Native.race(values));
}

const other = <Value>(inner: Promise<Value>) =>
  new OtherPromise<Value>((resolve, reject) => void inner.then(resolve, reject));

const realClock: Clock = {
  now: Date.now,
  schedule(task, delayMs) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

const met = countExits('a replaced Promise');
const orgId = 'acme';

/** The modules of the package and of the tests, loaded while the global Promise is another one, or before. */
async function load(when: string) {
  onTestFinished(() => void vi.unstubAllGlobals());
  vi.resetModules();
  if (when === 'before') vi.stubGlobal('Promise', OtherPromise);
  const { createTeam } = await import('../fixtures/team.ts');
  const { callbackDoors } = await import('./callback-doors.ts');
  vi.stubGlobal('Promise', OtherPromise);
  return { createTeam, callbackDoors };
}

async function open(when: string, storage: Storage = memoryStorage()) {
  const { createTeam, callbackDoors } = await load(when);
  const team = await createTeam(storage, {
    storageDeadlineMs: 50,
    clock: realClock,
    contact: async () => 'Ask.',
  });
  await team.join('u_full');
  const admin = { userId: 'u_admin' };
  await team.manager.setLimit({ orgId, actor: admin, userId: 'u_full', daily: 0 });

  /** Sends one request through a door. */
  async function send(door: CallbackDoor, options: UsageGuardOptions<unknown>) {
    let passed = 0;
    let failure: unknown;
    const request = await door.open({
      manager: team.manager,
      options: () => options,
      passed: () => {
        passed += 1;
      },
      failed: (error) => {
        failure = error;
      },
    });
    const { status, body } = await request();
    met.cases += 1;
    return { status, body, passed, failure };
  }
  const guards = callbackDoors.filter(({ isGuard }) => isGuard);
  return { send, guards, doors: callbackDoors };
}

const person = (userId: string) => ({
  userId,
  email: `${userId}@acme.example.com`,
  emailVerified: true,
  orgId,
});
const withRoom = async () => person('u_admin');
const usedUp = async () => person('u_full');
// As an application without types may write it.
const untyped = (options: object): UsageGuardOptions<unknown> => Object({ ...options });

/** What answers as `then` does, and may be called: so are the queries of some libraries. */
const callable = (value: unknown) =>
  Object.assign(() => undefined, {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried here.
    then: (resolve: (value: unknown) => void) => resolve(value),
  });

describe.each(['before', 'after'])('a Promise that was replaced %s the import', (when) => {
  test.each<[string, UsageGuardOptions<unknown>, number]>([
    ['identify that is async', { identify: withRoom }, 200],
    ['identify of the other library', untyped({ identify: () => other(withRoom()) }), 200],
    ['identify whose promise is a function', untyped({ identify: () => callable(null) }), 401],
    ['identify that answers no', { identify: async () => null }, 401],
    ['skip that is async', { identify: () => null, skip: async () => true }, 200],
    ['cost that is async', { identify: withRoom, cost: async () => 2 }, 200],
    ['contact that is async', { identify: usedUp }, 429],
    ['onDenied that is async', { identify: usedUp, onDenied: async () => ({ status: 402 }) }, 402],
    ['chargeOn success', { identify: withRoom, chargeOn: 'success' }, 200],
    ['identify that rejects', { identify: () => Native.reject(new Error('no sessions')) }, 500],
    ['skip that rejects', { identify: withRoom, skip: () => Native.reject(new Error('x')) }, 500],
  ])('leaves the guards as they are: %s', async (_, options, status) => {
    const { send, guards } = await open(when);
    for (const door of guards) {
      const answer = await send(door, options);
      const mayPass = Number(status === 200);
      if (answer.passed > mayPass) met.letThrough += 1;
      const isRight = answer.status === status && answer.passed === mayPass;
      expect(isRight ? [] : [door.name, answer]).toEqual([]);
    }
  });

  test('leaves the handlers as they are', async () => {
    const { send, doors } = await open(when);
    for (const door of doors.filter(({ isGuard }) => !isGuard)) {
      const ask = async (identify: () => unknown) =>
        (await send(door, untyped({ identify }))).status;
      expect(await ask(withRoom)).toBe(200);
      expect(await ask(() => callable(person('u_admin')))).toBe(200);
      expect(await ask(() => other(usedUp()))).toBe(429);
      expect(await ask(() => Native.reject(new Error('no sessions')))).toBe(500);
    }
  });

  test('leaves deadlines as they are: what never answers is 503', async () => {
    const storage = memoryStorage();
    const { send, guards } = await open(when, storage);
    storage.load = () => new Native(() => undefined);
    for (const door of guards) {
      expect((await send(door, { identify: withRoom })).status).toBe(503);
    }
  });
});
