/** What an application's callbacks throw or return never opens a door and never ends the process. */
import { isOrgUserManagerError, type OrgUserManager, OrgUserManagerError } from 'org-user-manager';
import type { UsageGuardOptions } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { createTeam, orgId } from '../fixtures/team.ts';
import { person } from '../http/doors.ts';
import { type CallbackDoor, callbackDoors } from './callback-doors.ts';
import { countExits } from './exits.ts';
import { isCauseOf, laterWays, marker, tryAll, type Way } from './hostile.ts';

const met = countExits('callbacks behind doors');

type Callback = () => unknown;
type GuardOptions = Partial<UsageGuardOptions<unknown>>;

/** What an option of a door is tried with. */
interface Trial {
  readonly option: string;
  /** The options of the guard. */
  options(callback: Callback, fails: boolean): GuardOptions;
  /** The option is the manager's. */
  readonly isManagers?: boolean;
  status(fails: boolean, value: unknown, way: Way): number;
}

const withRoom = () => person('u_admin');
const usedUp = () => person('u_full');
const lost = () => Promise.reject(new Error('lost'));
// As an application without types may write it.
const untyped = (options: object): GuardOptions => options;

const givesIt = new Set(['returns it', ...laterWays.map(({ name }) => name)]);

const identify: Trial = {
  option: 'identify',
  options: (callback) => untyped({ identify: callback }),
  status: (_fails, value, { name }) =>
    givesIt.has(name) && (value === undefined || value === null) ? 401 : 500,
};

const contact: Trial = {
  option: 'contact',
  isManagers: true,
  options: () => ({ identify: usedUp }),
  status: () => 429,
};

const guardTrials: readonly Trial[] = [
  identify,
  contact,
  {
    option: 'cost',
    options: (callback) => untyped({ cost: callback }),
    status: (fails) => (fails ? 500 : 400),
  },
  {
    option: 'skip',
    // What is not `true` does not skip; then nobody is signed in.
    options: (callback, fails) =>
      untyped({ skip: callback, identify: fails ? withRoom : () => null }),
    status: (fails) => (fails ? 500 : 401),
  },
  {
    option: 'onDenied',
    options: (callback) => untyped({ onDenied: callback, identify: usedUp }),
    status: () => 429,
  },
  {
    option: 'onError',
    isManagers: true,
    options: () => ({ identify: usedUp, onDenied: lost }),
    status: () => 429,
  },
];

const handlerTrials: readonly Trial[] = [
  identify,
  contact,
  { option: 'onError', isManagers: true, options: () => ({ identify: lost }), status: () => 500 },
];

/** The same trial of a guard that sets units aside until the request has succeeded. */
const onSuccess = (trial: Trial): Trial => ({
  ...trial,
  options: (callback, fails) => ({ ...trial.options(callback, fails), chargeOn: 'success' }),
});

const ofRequest = guardTrials.filter(({ option }) => /^(?:identify|cost|skip)$/.test(option));

const trials = callbackDoors.flatMap((door) =>
  (door.isGuard ? guardTrials : handlerTrials).map((trial) => ({ ...trial, door })),
);

const trialsOnSuccess = callbackDoors
  .filter(({ isGuard }) => isGuard)
  .flatMap((door) => ofRequest.map((trial) => ({ ...onSuccess(trial), door })));

describe('a callback that fails opens no door', () => {
  test.each(trials)('`$option` behind $door.name', async ({ door, ...trial }) => {
    const tryOut = await openPlace(door);
    expect(await tryAll((way, value) => tryOut(trial, way, value), laterWays)).toEqual([]);
  });

  test.each(trialsOnSuccess)(
    '`$option` behind $door.name, which charges on success',
    async ({ door, ...trial }) => {
      const tryOut = await openPlace(door);
      expect(await tryAll((way, value) => tryOut(trial, way, value), laterWays)).toEqual([]);
    },
  );
});

describe('an error of this package that a callback throws is a fault of the application', () => {
  const faults = [
    new OrgUserManagerError('not_a_member', {}),
    new OrgUserManagerError('not_signed_in', {}),
    new OrgUserManagerError('invalid_input', { issues: [] }),
    new OrgUserManagerError('unavailable', {}),
  ];

  const options = (isGuard: boolean) => (isGuard ? ['identify', 'cost', 'skip'] : ['identify']);
  const cases = callbackDoors.flatMap((door) =>
    options(door.isGuard).map((option) => ({ door, option })),
  );

  test.each(cases)('`$option` behind $door.name', async ({ door, option }) => {
    const { manager, errors } = await createTeam(memoryStorage());
    const failures: unknown[] = [];
    let callback: Callback = () => null;
    const send = await door.open({
      manager,
      options: () => ({ identify: withRoom, ...untyped({ [option]: callback }) }),
      passed: () => {
        met.letThrough += 1;
      },
      failed: (error) => failures.push(error),
    });
    for (const fault of faults) {
      for (callback of [() => fail(fault), () => Promise.reject(fault)]) {
        met.cases += 1;
        expect([fault.code, (await send()).status]).toEqual([fault.code, 500]);
        // A guard hands it to the framework, and a handler to `onError`.
        if (door.isGuard) expect(failures.pop()).toMatchObject({ code: 'internal', cause: fault });
        else expect(errors.pop()).toBe(fault);
      }
    }
  });
});

function fail(error: unknown): never {
  throw error;
}

/** Opens a door of an application with a member who has room, and one who has none. */
async function openPlace(door: CallbackDoor) {
  let ofManager: Readonly<Record<string, Callback>> = {};
  let ofGuard: GuardOptions = {};
  let passed = 0;
  let failures: unknown[] = [];
  const { manager, join } = await createTeam(memoryStorage(), {
    contact: () => Object({ answer: (ofManager.contact ?? (() => 'Ask.'))() }).answer,
    onError: () => ofManager.onError?.(),
  });
  await join('u_full');
  await manager.setLimit({ orgId, actor: { userId: 'u_admin' }, userId: 'u_full', daily: 0 });
  const send = await door.open({
    manager,
    options: () => ({ identify: withRoom, ...ofGuard }),
    passed: () => {
      passed += 1;
    },
    failed: (error) => failures.push(error),
  });

  /** Returns what is wrong, if anything is. */
  return async (trial: Trial, way: Way, value: unknown) => {
    const callback = way.callback(value);
    const fails = way.fails(value);
    ofManager = trial.isManagers ? { [trial.option]: callback } : {};
    ofGuard = trial.options(callback, fails);
    failures = [];
    passed = 0;
    const usedBefore = await usedIn(manager);
    const answer = await within(send());
    const charged = (await usedIn(manager)) - usedBefore;
    met.cases += 1;
    if (passed > 0 || charged > 0) met.letThrough += 1;
    // A contact that is a string is for the member to read.
    const isShown = trial.option === 'contact' && givesIt.has(way.name) && value === marker;
    const isRight =
      answer?.status === trial.status(fails, value, way) &&
      passed === 0 &&
      charged === 0 &&
      answer.body.includes(marker) === isShown &&
      failures.every((failure) => isRightFailure(failure, value));
    return isRight ? undefined : { ...answer, passed, charged };
  };
}

/** An error of the package, whose cause is what the callback threw, if it threw something. */
const isRightFailure = (failure: unknown, value: unknown) =>
  isOurs(failure) && (!Object.hasOwn(failure, 'cause') || isCauseOf(value, failure.cause));

// The failure may be a Proxy that throws when it is asked what it is.
function isOurs(failure: unknown): failure is Error {
  try {
    return isOrgUserManagerError(failure);
  } catch {
    return false;
  }
}

async function usedIn(manager: OrgUserManager): Promise<number> {
  const { windows } = await manager.usage({ orgId, actor: { userId: 'u_admin' } });
  return windows.reduce((sum, { used }) => sum + used, 0);
}

/** Waits for an answer, or for so long that there will be none; whatever it rejects with is none. */
function within<T>(answer: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), 1000);
    answer.then(resolve, () => resolve(undefined)).finally(() => clearTimeout(timer));
  });
}
