/** What the manager takes from the answer of an application's `identify`. */
import { createHandler, type Identity } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { tokenIn } from '../fixtures/recording-mailer.ts';
import { account, admin, createTeam, orgId } from '../fixtures/team.ts';
import { person } from './doors.ts';

/** A team whose handler takes each request from the person that `identify` answers last. */
async function open() {
  let answer: unknown;
  const team = await createTeam(memoryStorage());
  // As an application without types may answer.
  const handler = createHandler(team.manager, { identify: () => Object({ answer }).answer });
  return {
    ...team,
    async send(as: unknown, path: string, body?: object) {
      answer = as;
      const response = await handler(
        new Request(`https://app.acme.example.com/org/api/${path}`, {
          method: body ? 'POST' : 'GET',
          headers: { 'content-type': 'application/json' },
          body: body ? JSON.stringify(body) : null,
        }),
      );
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

describe('an optional field that is null', () => {
  test('counts as absent', async () => {
    const { send, errors } = await open();
    const nothing = {
      name: null,
      orgId: null,
      mayCreateOrganization: null,
      maySetAllocation: null,
    };
    expect(await send({ ...account('u_admin'), ...nothing }, 'me')).toMatchObject({
      status: 403,
      body: { code: 'not_a_member' },
    });
    const inside = { ...account('u_admin'), ...nothing, orgId };
    expect(await send(inside, 'me')).toMatchObject({ status: 200 });
    expect(await send(inside, 'organization/set-allocation', { daily: 5 })).toMatchObject({
      status: 403,
      body: { code: 'may_not_set_allocation' },
    });
    expect(await send(inside, 'organization', { name: 'New' })).toMatchObject({
      status: 403,
      body: { code: 'may_not_create_organization' },
    });
    expect(errors).toEqual([]);
  });

  test.each(['userId', 'email', 'emailVerified'])(
    'is no excuse for a %s of null',
    async (field) => {
      const { send, errors } = await open();
      expect(await send({ ...person('u_admin'), [field]: null }, 'me')).toMatchObject({
        status: 500,
        body: { code: 'invalid_options' },
      });
      expect(errors).toMatchObject([{ details: { issues: [{ path: `identify().${field}` }] } }]);
    },
  );
});

describe('the name of a sign-in', () => {
  const email = 'u_new@acme.example.com';

  test.each([
    ['is long', 'n'.repeat(500), 'n'.repeat(200)],
    ['is cut within a surrogate pair', `${'n'.repeat(199)}😀`, 'n'.repeat(199)],
    ['is cut behind a space', `${'n'.repeat(199)} n`, 'n'.repeat(199)],
    ['holds a tab', 'Pat\tDoe', 'Pat Doe'],
    ['holds line breaks', '\r\nPat\r\n\u2028Doe\u2029', 'Pat Doe'],
    ['holds other control characters', 'Pat\u0000\u007f\u0085Doe', 'Pat Doe'],
    ['holds half of a surrogate pair', 'Pat \ud83d', 'Pat \ufffd'],
    ['has spaces around it', '  Pat Doe ', 'Pat Doe'],
    ['is blank', ' \t\u00a0', email],
    ['is empty', '', email],
    ['is a zero-width space', '\u200b', email],
    ['is a mark of direction', '\u202e', email],
    ['shows nothing', ' \u200b\ufeff \u3164\u{e0001}', email],
    ['joins a family', '\u{1f468}\u200d\u{1f469}', '\u{1f468}\u200d\u{1f469}'],
  ])('that %s keeps no one from accepting', async (_, name, shown) => {
    const { send, manager } = await open();
    const result = await manager.invite({ orgId, actor: admin, email });
    if (result.outcome !== 'invited') throw new Error(result.outcome);
    const token = tokenIn(result.invitation.link ?? '');
    const invited = { ...account('u_new', email), name };
    expect(await send(invited, 'invitations/accept', { token })).toMatchObject({ status: 200 });
    const { name: kept, address } = await manager.member({ orgId, actor: admin, userId: 'u_new' });
    expect(kept ?? address).toBe(shown);
  });

  test('that is long keeps no one from creating an organization', async () => {
    const { send, manager } = await open();
    const founder = { ...account('u_new'), orgId: 'new', name: 'n\n'.repeat(300) };
    expect(
      await send({ ...founder, mayCreateOrganization: true }, 'organization', { name: 'New' }),
    ).toMatchObject({ status: 204 });
    const actor = { userId: 'u_new' };
    const { name } = await manager.member({ orgId: 'new', actor, userId: 'u_new' });
    expect(name).toBe('n '.repeat(100).trim());
  });

  test('that is no string is a fault of the application', async () => {
    const { send } = await open();
    expect(await send({ ...person('u_admin'), name: 7 }, 'me')).toMatchObject({ status: 500 });
  });
});

describe('a field that a dependency has put on Object.prototype', () => {
  async function withPolluted<T>(field: keyof Identity, value: unknown, run: () => Promise<T>) {
    Object.defineProperty(Object.prototype, field, { value, configurable: true, writable: true });
    try {
      return await run();
    } finally {
      Reflect.deleteProperty(Object.prototype, field);
    }
  }

  test('grants nothing: `maySetAllocation`, `mayCreateOrganization`, `orgId`', async () => {
    const { send } = await open();
    expect(
      await withPolluted('maySetAllocation', true, () =>
        send(person('u_admin'), 'organization/set-allocation', { daily: 5 }),
      ),
    ).toMatchObject({ status: 403, body: { code: 'may_not_set_allocation' } });
    expect(
      await withPolluted('mayCreateOrganization', true, () =>
        send({ ...account('u_new'), orgId: 'new' }, 'organization', { name: 'New' }),
      ),
    ).toMatchObject({ status: 403, body: { code: 'may_not_create_organization' } });
    expect(await withPolluted('orgId', orgId, () => send(account('u_admin'), 'me'))).toMatchObject({
      status: 403,
      body: { code: 'not_a_member' },
    });
  });

  test('vouches for no address, and the error says what to return', async () => {
    const { send, errors } = await open();
    const { emailVerified: _, ...rest } = person('u_admin');
    expect(await withPolluted('emailVerified', true, () => send(rest, 'me'))).toMatchObject({
      status: 500,
      body: { code: 'invalid_options' },
    });
    expect(errors).toMatchObject([
      {
        details: {
          issues: [
            {
              path: 'identify().emailVerified',
              message: expect.stringContaining('return a plain object such as { userId, email'),
            },
          ],
        },
      },
    ]);
  });

  test('is not read from a class of the application either', async () => {
    const { send } = await open();
    class Session {
      readonly userId = 'u_admin';
      readonly email = 'admin@acme.example.com';
      readonly emailVerified = true;
      get orgId() {
        return orgId;
      }
    }
    expect(await send(new Session(), 'me')).toMatchObject({ body: { code: 'not_a_member' } });
  });
});

test('a field is read once: a getter cannot answer the check and then something else', async () => {
  const { send } = await open();
  const rights = [false, true, true];
  const identity = Object.defineProperty(person('u_admin'), 'maySetAllocation', {
    enumerable: true,
    get: () => rights.shift(),
  });
  expect(await send(identity, 'organization/set-allocation', { daily: 5 })).toMatchObject({
    status: 403,
  });
});
