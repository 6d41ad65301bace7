import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { tokenIn } from '../fixtures/recording-mailer.ts';
import { storages } from '../fixtures/storages.ts';
import { createTeam } from '../fixtures/team.ts';
import { adminIdentity, fetchDoor, person } from './doors.ts';

async function open(options: Parameters<typeof createTeam>[1] = {}, storage = memoryStorage()) {
  const team = await createTeam(storage, options);
  return { ...team, send: await fetchDoor.open(team.manager) };
}

describe('organizations', () => {
  const founder = { ...person('u_founder'), orgId: 'globex', mayCreateOrganization: true };
  const body = { name: 'Globex', timeZone: 'Asia/Tokyo', allocation: { daily: 10 } };

  test('are created for the identity’s organization, with the caller as admin', async () => {
    const { send } = await open();
    expect(await send('POST', '/org/api/organization', { as: founder, body })).toMatchObject({
      status: 204,
      headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
      body: '',
    });
    expect(await send('GET', '/org/api/me', { as: founder })).toMatchObject({
      status: 200,
      body: { orgId: 'globex', role: 'admin', address: 'u_founder@acme.example.com' },
    });
    expect(await send('GET', '/org/api/usage', { as: founder })).toMatchObject({
      body: { timeZone: 'Asia/Tokyo', windows: [{ policy: 'org-day', limit: 10 }, {}] },
    });
    expect(await send('POST', '/org/api/organization', { as: founder, body })).toMatchObject({
      status: 409,
      body: { code: 'organization_exists' },
    });
  });

  test('are not created unless the host says that the person may', async () => {
    const { send } = await open();
    const { mayCreateOrganization: _, ...visitor } = founder;
    for (const as of [visitor, { ...founder, mayCreateOrganization: false }]) {
      expect(await send('POST', '/org/api/organization', { as, body })).toMatchObject({
        status: 403,
        body: { code: 'may_not_create_organization' },
      });
    }
    for (const extra of [{ orgId: 'x' }, { admin: {} }, { memberLimit: 9 }]) {
      const answer = await send('POST', '/org/api/organization', {
        as: founder,
        body: { ...body, ...extra },
      });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    }
  });
});

describe.each(storages)('invitations on $name', ({ create }) => {
  test('are listed, sent again and revoked', async () => {
    const { send, clock } = await open({}, create());
    const invited = await send('POST', '/org/api/invitations/invite', {
      body: { email: 'a@acme.example.com', role: 'admin' },
    });
    expect(invited).toMatchObject({ status: 201, body: { outcome: 'invited' } });
    clock.advance(120_000);
    await send('POST', '/org/api/invitations/invite', { body: { email: 'b@acme.example.com' } });

    const page = await send('GET', '/org/api/invitations?limit=1&status=pending&search=acme');
    expect(page).toMatchObject({
      status: 200,
      body: {
        total: { count: 2, exact: true },
        items: [{ address: 'b@acme.example.com', createdAt: new Date(clock.now()).toISOString() }],
        nextCursor: expect.any(String),
      },
    });
    const { nextCursor } = Object(page.body);
    const next = await send(
      'GET',
      `/org/api/invitations?limit=1&search=acme&cursor=${encodeURIComponent(nextCursor)}`,
    );
    expect(next).toMatchObject({ body: { items: [{ address: 'a@acme.example.com' }] } });
    const { id, link } = Object(next.body).items[0];

    const resent = await send('POST', `/org/api/invitations/${id}/resend`, {
      body: { rotate: true, role: 'member' },
    });
    expect(resent).toMatchObject({ status: 200, body: { id, role: 'member', sendCount: 2 } });
    expect(Object(resent.body).link).not.toBe(link);
    expect(await send('POST', `/org/api/invitations/${id}/resend`)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '60' },
      body: { code: 'resend_too_soon', retryAt: expect.any(String) },
    });
    expect(await send('POST', `/org/api/invitations/${id}/revoke`)).toMatchObject({ status: 204 });
    expect(await send('POST', `/org/api/invitations/${id}/revoke`)).toMatchObject({
      status: 410,
      body: { code: 'invitation_unusable' },
    });
    expect(await send('POST', '/org/api/invitations/unknown/resend')).toMatchObject({
      status: 404,
      body: { code: 'invitation_not_found' },
    });
  });

  test('an invite that invites nobody is a 409 that says what stands in the way', async () => {
    const { send, join, manager } = await open({ pendingInvitationLimit: 1 }, create());
    await join('u_sam');
    await join('u_gone');
    await manager.disable({ orgId: 'acme', actor: { userId: 'u_admin' }, userId: 'u_gone' });
    const invite = (name: string) =>
      send('POST', '/org/api/invitations/invite', { body: { email: `${name}@acme.example.com` } });
    await invite('new');
    expect(await invite('new')).toMatchObject({
      status: 409,
      headers: { 'content-type': 'application/problem+json' },
      body: { code: 'already_invited', invitation: { address: 'new@acme.example.com' } },
    });
    expect(await invite('u_sam')).toMatchObject({
      status: 409,
      body: { code: 'already_a_member', userId: 'u_sam' },
    });
    expect(await invite('u_gone')).toMatchObject({
      status: 409,
      body: {
        code: 'member_disabled',
        status: 409,
        userId: 'u_gone',
        detail: expect.stringContaining('Contact support'),
      },
    });
    expect(await invite('other')).toMatchObject({
      status: 409,
      body: { code: 'pending_limit_reached', limit: 1 },
    });
  });

  test('many are found in a text, then invited, each with its own result', async () => {
    const { send } = await open({}, create());
    const report = await send('POST', '/org/api/invitations/bulk-extract', {
      body: { text: 'One <a@acme.example.com>, b@acme.example.com and more' },
    });
    const ready = ['a@acme.example.com', 'b@acme.example.com'];
    expect(report).toMatchObject({ status: 200, body: { ready, truncated: false } });
    const result = await send('POST', '/org/api/invitations/invite-many', {
      body: { addresses: [...ready, 'nonsense'], role: 'member' },
    });
    expect(result).toMatchObject({
      status: 200,
      body: [{ outcome: 'invited' }, { outcome: 'invited' }, { outcome: 'invalid_address' }],
    });
  });

  test('a plan invites an address to review only when the body lists it', async () => {
    const { send } = await open({}, create());
    const { body } = await send('POST', '/org/api/invitations/bulk-extract', {
      body: { text: 'a@acme.example.com notes@2024.md' },
    });
    expect(body).toMatchObject({ ready: ['a@acme.example.com'], review: ['notes@2024.md'] });
    const { planId } = Object(body);
    const invite = (input: object) =>
      send('POST', '/org/api/invitations/invite-many', { body: { planId, ...input } });
    const stranger = ['a@acme.example.com', 'eve@acme.example.com'];
    for (const input of [
      { addresses: stranger },
      { addresses: null },
      { perAddress: { 'notes@2024.md': { role: 'admin' } } },
      { review: ['notes@2024.md'] },
    ]) {
      expect(await invite(input)).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    }
    expect((await invite({})).body).toMatchObject([{ address: 'a@acme.example.com' }]);
    expect((await invite({ addresses: ['notes@2024.md'] })).body).toMatchObject([
      { outcome: 'invited', address: 'notes@2024.md' },
    ]);
  });

  test('many are invited, some on terms of their own', async () => {
    const { send } = await open({}, create());
    const addresses = ['a@acme.example.com', 'b@acme.example.com'];
    const own = { role: 'admin', limit: { daily: 5, monthly: 50 }, name: 'Bo' };
    const result = await send('POST', '/org/api/invitations/invite-many', {
      body: { addresses, role: 'member', perAddress: { 'b@acme.example.com': own } },
    });
    expect(result).toMatchObject({
      status: 200,
      body: [{ invitation: { role: 'member', name: null } }, { invitation: own }],
    });
  });
});

describe('the holder of a link', () => {
  async function invited() {
    const opened = await open();
    const answer = await opened.send('POST', '/org/api/invitations/invite', {
      body: { email: 'sam@acme.example.com' },
    });
    return { ...opened, token: tokenIn(Object(answer.body).invitation.link) };
  }
  const sam = { userId: 'u_sam', email: 'sam@acme.example.com', emailVerified: true };

  test('looks at it without signing in, and needs to sign in to use it', async () => {
    const { send, token } = await invited();
    const body = { token };
    expect(await send('POST', '/org/api/invitations/preview', { as: null, body })).toMatchObject({
      status: 200,
      body: { organizationName: 'Acme', role: 'member', maskedAddress: expect.any(String) },
    });
    for (const verb of ['accept', 'decline']) {
      expect(await send('POST', `/org/api/invitations/${verb}`, { as: null, body })).toMatchObject({
        status: 401,
        body: { code: 'not_signed_in' },
      });
    }
  });

  test('uses it only with the invited, verified account of the identity', async () => {
    const { send, token } = await invited();
    const accept = (as: typeof sam, extra = {}) =>
      send('POST', '/org/api/invitations/accept', { as, body: { token, ...extra } });
    const wrong = await accept({ ...sam, userId: 'u_x', email: 'x@acme.example.com' });
    expect(wrong).toMatchObject({ status: 403, body: { code: 'wrong_account' } });
    expect(Object(wrong.body).expectedAddress).toMatch(/^s.*•.*@acme\.example\.com$/);
    expect(await accept({ ...sam, emailVerified: false })).toMatchObject({
      status: 403,
      body: { code: 'email_not_verified' },
    });
    for (const extra of [{ account: sam }, { email: sam.email }, { userId: 'u_x' }]) {
      expect(await accept({ ...sam, email: 'x@acme.example.com' }, extra)).toMatchObject({
        status: 400,
        body: { code: 'invalid_input' },
      });
    }
    expect(await accept(sam)).toMatchObject({ status: 200, body: { orgId: 'acme' } });
    expect(await accept(sam)).toMatchObject({ status: 200 });
  });

  test('declines it once', async () => {
    const { send, token } = await invited();
    const decline = () =>
      send('POST', '/org/api/invitations/decline', { as: sam, body: { token } });
    expect(await decline()).toMatchObject({ status: 204, body: '' });
    expect(await decline()).toMatchObject({ status: 410, body: { code: 'invitation_unusable' } });
  });
});

describe.each(storages)('members on $name', ({ create }) => {
  test('are listed, viewed, limited, promoted, demoted and disabled', async () => {
    const { send, join, manager } = await open({}, create());
    await join('u_sam');
    await manager.createOrganization({
      orgId: 'globex',
      name: 'Globex',
      admin: { userId: 'u/with slash', email: 'u@globex.example.com' },
    });
    const list = await send('GET', '/org/api/members?search=u_sam&limit=10&status=all');
    expect(list).toMatchObject({
      status: 200,
      body: { total: { count: 1 }, items: [{ userId: 'u_sam' }] },
    });
    const path = '/org/api/members/u_sam';
    expect(await send('GET', path)).toMatchObject({ status: 200, body: { userId: 'u_sam' } });
    const as = { ...person('u/with slash'), orgId: 'globex' };
    expect(await send('GET', '/org/api/members/u%2Fwith%20slash', { as })).toMatchObject({
      status: 200,
      body: { userId: 'u/with slash' },
    });

    // Another organization's ids are unknown ones.
    expect(await send('GET', '/org/api/members/u%2Fwith%20slash')).toMatchObject({
      status: 404,
      body: { code: 'member_not_found' },
    });

    const limit = (body: object) => send('POST', `${path}/set-limit`, { body });
    expect(await limit({ daily: 5, monthly: 50 })).toMatchObject({
      body: { daily: 5, monthly: 50 },
    });
    expect(await limit({ daily: null })).toMatchObject({ body: { daily: null, monthly: 50 } });
    for (const daily of [-1, 1.5, '5', true, {}]) {
      expect(await limit({ daily })).toMatchObject({
        status: 400,
        body: { code: 'invalid_input', issues: [{ path: 'daily' }] },
      });
    }

    expect(await send('POST', `${path}/promote`)).toMatchObject({ status: 204 });
    expect(await send('GET', path)).toMatchObject({ body: { role: 'admin' } });
    expect(await send('POST', `${path}/demote`)).toMatchObject({ status: 204 });
    expect(await send('GET', path)).toMatchObject({ body: { role: 'member' } });
    expect(await send('POST', `${path}/disable`)).toMatchObject({
      status: 200,
      body: { revokedInvitations: 0, keptInvitations: 0 },
    });
    expect(await send('GET', '/org/api/members?status=disabled')).toMatchObject({
      body: { items: [{ userId: 'u_sam', status: 'disabled' }] },
    });
    for (const verb of ['demote', 'disable']) {
      expect(await send('POST', `/org/api/members/u_admin/${verb}`)).toMatchObject({
        status: 409,
        body: { code: 'last_admin' },
      });
    }
  });

  test('see themselves and nobody else, and manage nothing', async () => {
    const { send, join } = await open({}, create());
    await join('u_sam');
    const as = person('u_sam');
    expect(await send('GET', '/org/api/me', { as })).toMatchObject({ status: 200 });
    expect(await send('GET', '/org/api/members/u_sam', { as })).toMatchObject({ status: 200 });
    expect(await send('GET', '/org/api/usage?userId=u_sam', { as })).toMatchObject({ status: 200 });
    for (const [method, path, body] of [
      ['GET', '/org/api/members'],
      ['GET', '/org/api/members/u_admin'],
      ['GET', '/org/api/usage'],
      ['GET', '/org/api/usage?userId=u_admin'],
      ['GET', '/org/api/usage/history'],
      ['GET', '/org/api/invitations'],
      ['POST', '/org/api/invitations/invite', { email: 'x@acme.example.com' }],
      ['POST', '/org/api/members/u_sam/set-limit', { daily: null }],
      ['POST', '/org/api/members/u_sam/promote'],
      ['POST', '/org/api/members/u_admin/disable'],
    ] as const) {
      expect([path, await send(method, path, { as, body })]).toMatchObject([
        path,
        { status: 403, body: { code: 'not_an_admin' } },
      ]);
    }
  });
});

describe('usage', () => {
  test('is charged to whoever is signed in, and reported', async () => {
    const { send } = await open();
    const charged = await send('POST', '/org/api/consume', {
      body: { activity: 'export', cost: 3 },
    });
    expect(charged).toMatchObject({
      status: 200,
      body: { allowed: true, cost: 3, windows: [{ policy: 'user-day', used: 3 }, {}, {}, {}] },
    });
    expect(await send('POST', '/org/api/consume')).toMatchObject({ body: { cost: 1 } });
    expect(await send('GET', '/org/api/usage?userId=u_admin')).toMatchObject({
      status: 200,
      body: {
        activities: [
          { activity: 'search', today: 1 },
          { activity: 'export', today: 3, thisMonth: 3 },
        ],
      },
    });
    for (const body of [
      { userId: 'u_other' },
      { orgId: 'globex' },
      { cost: 0 },
      { cost: -1 },
      { cost: 1.5 },
      { cost: '1' },
      { activity: 'unknown' },
    ]) {
      expect(await send('POST', '/org/api/consume', { body })).toMatchObject({
        status: 400,
        body: { code: 'invalid_input', issues: [{ path: Object.keys(body)[0] }] },
      });
    }
  });

  test('an idempotency key that was used for another cost or activity answers 422', async () => {
    const { send, clock } = await open();
    // Counters in memory expire by the clock of the machine.
    clock.set(Date.now());
    const consume = (body: object) =>
      send('POST', '/org/api/consume', { body: { idempotencyKey: 'order-17', ...body } });
    expect(await consume({})).toMatchObject({ status: 200, body: { cost: 1 } });
    for (const other of [{ cost: 1_000_000 }, { activity: 'export' }]) {
      expect(await consume(other)).toMatchObject({
        status: 422,
        body: { code: 'idempotency_key_reused' },
      });
    }
    expect(await consume({ cost: 1, activity: 'search' })).toMatchObject({
      status: 200,
      body: { cost: 1, replayed: true },
    });
    expect(await send('GET', '/org/api/usage?userId=u_admin')).toMatchObject({
      body: { windows: [{ used: 1 }, { used: 1 }] },
    });
  });

  test('over the limit it answers as the guard does', async () => {
    const { send, manager } = await open();
    const actor = { userId: 'u_admin' };
    await manager.setLimit({ orgId: 'acme', actor, userId: 'u_admin', daily: 0 });
    const [route, guard] = [
      await send('POST', '/org/api/consume', { as: adminIdentity }),
      await send('GET', '/search', { as: adminIdentity }),
    ];
    const instance = expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/);
    expect(route.status).toBe(429);
    expect(route.headers).toEqual(guard.headers);
    expect(route.body).toEqual({ ...Object(guard.body), instance });
  });
});
