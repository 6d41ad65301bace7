/** What mailers, listeners, `contact` and `onError` do reaches no caller and never ends the process. */
import {
  type Clock,
  type Mailer,
  type OrgUserManager,
  type OrgUserManagerOptions,
  systemActor,
} from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { fakeClock } from 'org-user-manager/testing';
import { expect, test, vi } from 'vitest';
import { allEvents } from '../fixtures/all-events.ts';
import { createManager } from '../fixtures/manager.ts';
import { tokenIn } from '../fixtures/recording-mailer.ts';
import { account, admin, createTeam, orgId } from '../fixtures/team.ts';
import { countExits } from './exits.ts';
import { isReportOf, tryAll, type Way } from './hostile.ts';

const met = countExits('callbacks of the manager');

// As an application without types may write it.
const mailerOf = (send: () => unknown): Mailer => Object({ send });
const optionsOf = (options: object): Partial<OrgUserManagerOptions> => options;
const lost = () => Promise.reject(new Error('lost'));

/** The state of the only mail, after it was tried. */
async function tryMail(manager: OrgUserManager) {
  await manager.invite({ orgId, actor: admin, email: 'new@acme.example.com' });
  await manager.deliverMail();
  const { items } = await manager.listInvitations({ orgId, actor: admin });
  return items[0]?.delivery;
}

test('a mailer that fails has failed once, and the mail says so', async () => {
  const wrong = await tryAll(async (way, value) => {
    met.cases += 1;
    let calls = 0;
    const send = way.callback(value);
    const mailer = mailerOf(() => {
      calls += 1;
      return send();
    });
    const { manager, errors } = await createTeam(memoryStorage(), { mailer });
    const delivery = await tryMail(manager);
    const isRight =
      calls === 1 &&
      delivery?.state === 'queued' &&
      delivery.attempts === 1 &&
      typeof delivery.lastError === 'string' &&
      errors.length === 1 &&
      errors[0] instanceof Error &&
      (!way.fails(value) || isReportOf(value, errors[0]));
    return isRight ? undefined : { calls, delivery, errors: errors.length };
  });
  expect(wrong).toEqual([]);
});

test.each([
  ['that throws at once', () => fail(new Error('no mailbox')), 'no mailbox'],
  ['that returns nothing', () => undefined, 'the mailer returned no promise'],
  ['that returns an object', () => ({}), 'the mailer returned no promise'],
  ['that rejects with nothing', () => Promise.reject(undefined), 'unknown error'],
  ['that rejects with a string', () => Promise.reject('to u_1@acme.example.com'), 'unknown error'],
  [
    'whose error has a message that is no string',
    () => Promise.reject(Object.assign(new Error('x'), { message: { to: 'u_1' } })),
    'unknown error',
  ],
  [
    'whose error has a message that cannot be read',
    () => Promise.reject(Object.defineProperty(new Error('x'), 'message', { get: () => fail('') })),
    'unknown error',
  ],
])('a mailer %s leaves a text that an admin may read', async (_, send, lastError) => {
  const { manager } = await createTeam(memoryStorage(), { mailer: mailerOf(send) });
  expect(await tryMail(manager)).toEqual({ state: 'queued', attempts: 1, lastError });
});

test.each([
  ['takes a mail', async () => undefined],
  ['throws', () => fail('lost')],
  ['rejects', lost],
])('a mailer that %s leaves no deadline behind', async (_, send) => {
  const base = fakeClock();
  const waits: number[] = [];
  const clock: Clock = {
    now: base.now,
    schedule(task, delayMs) {
      const index = waits.push(delayMs) - 1;
      const cancel = base.schedule(task, delayMs);
      return () => {
        waits[index] = 0;
        cancel();
      };
    },
  };
  const { manager } = await createTeam(memoryStorage(), { clock, mailer: mailerOf(send) });
  await tryMail(manager);
  const minute = 60_000;
  expect(waits.length).toBeGreaterThan(1);
  expect(waits).not.toContain(minute);
});

function fail(value: unknown): never {
  throw value;
}

test('a `contact` that fails leaves the refusal, with the default contact', async () => {
  const wrong = await tryAll(async (way, value) => {
    met.cases += 1;
    const options = optionsOf({ contact: way.callback(value) });
    const { manager, errors } = await createTeam(memoryStorage(), options);
    await manager.setLimit({ orgId, actor: admin, userId: admin.userId, daily: 0 });
    const decision = await manager.consume({ orgId, userId: admin.userId });
    if (decision.allowed || decision.reason !== 'limit_exceeded') return decision;
    const isGiven = way.name === 'returns it' && typeof value === 'string';
    const { contact } = decision;
    const isRight = isGiven ? contact === value : contact.startsWith('Contact your organization');
    return isRight && errors.length === (isGiven ? 0 : 1) ? undefined : { contact };
  });
  expect(wrong).toEqual([]);
});

test('an `onError` that fails changes nothing and is one warning of the manager', async () => {
  const wrong = await tryAll(async (way, value) => {
    met.cases += 1;
    const before = met.warnings;
    const options = optionsOf({ mailer: mailerOf(lost), onError: way.callback(value) });
    const { manager } = await createTeam(memoryStorage(), options);
    manager.on('invitation.invited', lost);
    manager.on('mail.failed', () => lost());
    const delivery = await tryMail(manager);
    await new Promise(setImmediate);
    const warnings = met.warnings - before;
    const isRight = delivery?.lastError === 'lost' && warnings === (way.fails(value) ? 1 : 0);
    return isRight ? undefined : { delivery, warnings };
  });
  expect(wrong).toEqual([]);
});

test('the warning about an `onError` that fails names nothing of the error', async () => {
  const warning = vi.mocked(process.emitWarning);
  warning.mockClear();
  const personal = new Error('for u_1@acme.example.com');
  const onError = () => Promise.reject(personal);
  const { manager } = await createTeam(memoryStorage(), { onError });
  manager.on('invitation.invited', () => fail(personal));
  await tryMail(manager);
  await new Promise(setImmediate);
  expect(warning.mock.calls).toEqual([
    ['the option onError of org-user-manager failed, and an error was lost'],
  ]);
});

test('an `onError` that reads the message of what it gets always can', async () => {
  const messages: string[] = [];
  const { manager } = await createTeam(memoryStorage(), {
    onError: (error) => messages.push(Object(error).message.slice(0, 100)),
  });
  manager.settings.onError(new Error('lost'));
  for (const thrown of [undefined, null, '', 'lost', {}]) manager.settings.onError(thrown);
  expect(messages).toEqual(['lost', ...Array(5).fill('Internal error')]);
});

test('`onError` gets the occasion of an error, if there is one', async () => {
  const onError = vi.fn();
  const { manager } = await createTeam(memoryStorage(), { onError });
  const error = new Error('lost');
  const occasion = { instance: 'urn:uuid:00000000-0000-4000-8000-000000000000' };
  manager.settings.onError(error, occasion);
  manager.settings.onError(error);
  expect(onError.mock.calls).toEqual([[error, occasion], [error]]);
});

test('without `onError` a warning names the class and the code of an error only', async () => {
  const warning = vi.mocked(process.emitWarning);
  warning.mockClear();
  const { manager } = await createTeam(memoryStorage(), optionsOf({ onError: undefined }));
  const named = (fields: object) => Object.assign(new Error('for u_1@acme.example.com'), fields);
  manager.settings.onError(named({ name: 'PoolError', code: 'ECONNRESET' }));
  manager.settings.onError(named({ name: 'to u_1@acme.example.com', code: 7 }));
  manager.settings.onError(
    Object.defineProperty(new Error('x'), 'code', { get: () => fail('u_1@acme.example.com') }),
  );
  const { proxy, revoke } = Proxy.revocable(new Error('x'), {});
  revoke();
  manager.settings.onError(proxy);
  manager.settings.onError(null);
  await new Promise(setImmediate);
  const text = (which: string) =>
    `org-user-manager met an error (${which}); the option onError receives it`;
  const internal = text('OrgUserManagerError internal');
  expect(warning.mock.calls.flat()).toEqual([
    text('PoolError ECONNRESET'),
    text(''),
    text(''),
    internal,
    internal,
  ]);
});

test('a listener that fails disturbs neither a call nor another listener, whatever the event', async () => {
  const wrong = await tryAll(async (way, value) => {
    met.cases += allEvents.length;
    const listener = way.callback(value);
    const { heard, errors } = await liveThroughAllEvents(listener);
    await new Promise(setImmediate);
    const missing = allEvents.filter((name) => !heard.includes(name));
    const isRight =
      missing.length === 0 &&
      (way.fails(value)
        ? errors.length === heard.length && errors.every((error) => isReportOf(value, error))
        : errors.length === 0);
    return isRight ? undefined : { missing, heard: heard.length, errors: errors.length };
  });
  expect(wrong).toEqual([]);
});

/** Makes every event happen, each with the listener and then with one that remembers it. */
async function liveThroughAllEvents(listener: ReturnType<Way['callback']>) {
  const { rateLimits } = memoryStorage();
  const away = { is: false };
  const counters = optionsOf({
    onStoreError: 'open',
    resendCooldownMs: 0,
    rateLimitStore: {
      get: rateLimits.get,
      consume: (request: Parameters<typeof rateLimits.consume>[0]) =>
        away.is ? lost() : rateLimits.consume(request),
    },
  });
  const failures: unknown[] = [];
  const { manager, clock, mailer } = await createManager(memoryStorage(), {
    ...counters,
    // What the counters and the mailer fail with is not what the listeners do.
    onError: (error) => failures.push(error),
  });
  const heard: string[] = [];
  for (const name of allEvents) {
    manager.on(name, Object(listener));
    manager.on(name, () => void heard.push(name));
  }
  await createEverything(manager);
  await manager.deliverMail();
  mailer.failure = mailFailure;
  await manager.resend({ orgId, actor: admin, invitationId: await inviteOne(manager, 'u_mail') });
  await manager.deliverMail();
  const use = (cost = 1) => manager.consume({ orgId, userId: 'u_1', cost });
  await manager.setLimit({ orgId, actor: admin, userId: 'u_1', daily: 10 });
  await use(10);
  await use();
  away.is = true;
  for (let call = 0; call < 5; call += 1) await use();
  away.is = false;
  clock.advance(2000);
  await use();
  await manager.disable({ orgId, actor: admin, userId: 'u_1' });
  await new Promise(setImmediate);
  return { heard, errors: failures.filter((error) => !isOfTheStory(error)) };
}

const mailFailure = new Error('no mailbox');

const isOfTheStory = (error: unknown) => error === mailFailure || isLost(error);

function isLost(error: unknown): boolean {
  try {
    return error instanceof Error && Object(error.cause).message === 'lost';
  } catch {
    // What a listener threw may throw when it is read.
    return false;
  }
}

async function inviteOne(manager: OrgUserManager, userId: string): Promise<string> {
  const { email } = account(userId);
  const result = await manager.invite({ orgId, actor: admin, email });
  if (result.outcome !== 'invited') throw new Error(result.outcome);
  return result.invitation.id;
}

async function createEverything(manager: OrgUserManager): Promise<void> {
  const as = { orgId, actor: admin };
  const founder = { userId: admin.userId, email: 'admin@acme.example.com' };
  await manager.createOrganization({ orgId, name: 'Acme', admin: founder });
  await manager.setInvitePolicy({ ...as, role: 'member' });
  await manager.setAllocation({ ...as, actor: systemActor, daily: 1000 });
  await manager.setTimeZone({ ...as, timeZone: 'Europe/Amsterdam' });
  const tokenOf = async (userId: string) => {
    const { email } = account(userId);
    const result = await manager.invite({ ...as, email });
    if (result.outcome !== 'invited') throw new Error(result.outcome);
    return tokenIn(result.invitation.link ?? '');
  };
  await manager.accept({ token: await tokenOf('u_1'), account: account('u_1') });
  await manager.decline({ token: await tokenOf('u_2'), account: account('u_2') });
  await manager.revoke({ ...as, invitationId: await inviteOne(manager, 'u_3') });
  await manager.promote({ ...as, userId: 'u_1' });
  await manager.demote({ ...as, userId: 'u_1' });
  await manager.accept({ token: await tokenOf('u_5'), account: account('u_5') });
  await manager.promote({ ...as, userId: 'u_5' });
  await manager.invite({ ...as, actor: { userId: 'u_5' }, email: account('u_6').email });
  await manager.disable({ ...as, userId: 'u_5', keepInvitations: true });
}
