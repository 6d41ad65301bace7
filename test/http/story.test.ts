import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { tokenIn } from '../fixtures/recording-mailer.ts';
import { createTeam } from '../fixtures/team.ts';
import { doors, person } from './doors.ts';

describe.each(doors)('through $name', ({ open }) => {
  test('invited, accepted, limited, refused with 429, disabled', async () => {
    const { manager, mailer } = await createTeam(memoryStorage());
    const send = await open(manager);
    const sam = person('u_sam');

    const invited = await send('POST', '/org/api/invitations/invite', {
      body: { email: sam.email },
    });
    expect(invited.status).toBe(201);
    await manager.deliverMail();
    const token = tokenIn(mailer.sent.at(-1)?.text ?? '');

    const preview = await send('POST', '/org/api/invitations/preview', {
      as: null,
      body: { token },
    });
    expect(preview).toMatchObject({ status: 200, body: { organizationName: 'Acme' } });
    const accepted = await send('POST', '/org/api/invitations/accept', {
      as: sam,
      body: { token },
    });
    expect(accepted).toMatchObject({ status: 200, body: { userId: 'u_sam', role: 'member' } });
    expect(await send('GET', '/org/api/me', { as: sam })).toMatchObject({
      status: 200,
      body: { userId: 'u_sam', usage: { today: 0 } },
    });

    const limited = await send('POST', '/org/api/members/u_sam/set-limit', { body: { daily: 3 } });
    expect(limited).toMatchObject({ status: 200, body: { daily: 3, monthly: null } });
    const allowed = await send('GET', '/search?cost=2', { as: sam });
    expect(allowed).toMatchObject({
      status: 200,
      headers: { 'x-ratelimit-remaining': '1' },
      body: { results: ['first'] },
    });
    const refused = await send('GET', '/search?cost=2', { as: sam });
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
      body: { code: 'usage_limit_exceeded', 'violated-policies': ['user-day'] },
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);

    const disabled = await send('POST', '/org/api/members/u_sam/disable');
    expect(disabled).toMatchObject({
      status: 200,
      body: { revokedInvitations: 0, keptInvitations: 0 },
    });
    for (const [method, path] of [
      ['GET', '/search'],
      ['GET', '/org/api/me'],
      ['POST', '/org/api/consume'],
    ] as const) {
      const answer = await send(method, path, { as: sam });
      expect(answer).toMatchObject({ status: 403, body: { code: 'member_disabled' } });
    }
  });

  test('nobody gets in without an identity or a membership', async () => {
    const { manager } = await createTeam(memoryStorage());
    const send = await open(manager);
    for (const path of ['/org/api/me', '/search']) {
      expect(await send('GET', path, { as: null })).toMatchObject({
        status: 401,
        body: { code: 'not_signed_in' },
      });
      const { orgId: _, ...homeless } = person('u_x');
      for (const as of [homeless, person('u_x')]) {
        expect(await send('GET', path, { as })).toMatchObject({
          status: 403,
          body: { code: 'not_a_member' },
        });
      }
    }
  });

  test('a wrong cost is a 400, never a free pass', async () => {
    const { manager } = await createTeam(memoryStorage());
    const send = await open(manager);
    for (const cost of ['0', '-5', '1.5', 'many', '1e400']) {
      expect(await send('GET', `/search?cost=${cost}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_input', issues: [{ path: 'cost' }] },
      });
    }
  });

  test('a body of up to 1 MiB is read, a larger one answered with 413', async () => {
    const { manager } = await createTeam(memoryStorage(), { bulkTextLimit: 2 ** 10 });
    const send = await open(manager);
    const bodyOf = (bytes: number) => '{"text":"a"}'.padEnd(bytes);
    const path = '/org/api/invitations/bulk-extract';
    expect(await send('POST', path, { body: bodyOf(2 ** 16) })).toMatchObject({ status: 200 });
    const most = await send('POST', path, { body: bodyOf(2 ** 20) });
    const over = await send('POST', path, { body: bodyOf(2 ** 20 + 1) });
    // A parser of the host that runs first has its own, lower limit.
    if (most.status !== 413) expect(most).toMatchObject({ status: 200 });
    expect(over.status).toBe(413);
  });

  test('HEAD answers as GET does, without a body', async () => {
    const { manager } = await createTeam(memoryStorage());
    const send = await open(manager);
    const head = await send('HEAD', '/org/api/me');
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-type']).toBe('application/json');
    expect((await send('HEAD', '/org/api/me', { as: null })).status).toBe(401);
  });

  test('paths are taken as they are: nothing is resolved, collapsed or skipped', async () => {
    const { manager } = await createTeam(memoryStorage());
    const send = await open(manager);
    const as = null;
    for (const path of [
      '/org/api//me',
      '/org/api/me/',
      '/org/api%2Fme',
      '/org/api/ME',
      '/org/api/me%00',
      '/org/api/me;x=1',
      '/org/api/x/%2e%2e/unknown',
      '/org/api/restore',
      '/org/api/members/',
      '/org/join/',
      '/org/',
    ]) {
      expect([path, await send('GET', path, { as })]).toMatchObject([
        path,
        { status: 404, body: { code: 'route_not_found' } },
      ]);
    }
    // However it is spelt, what is reached asks who is there.
    for (const path of [
      '/org//api/me',
      '/%6frg/api/me',
      '/org/%61pi/me',
      '/org/api/x/%2e%2e/me',
      '/org/api/x/../me',
      '//org/api/me',
      '/ORG/api/me',
      '/search',
      '/search/',
      '/%73earch',
      '/SEARCH',
    ]) {
      expect([path, (await send('GET', path, { as })).status]).toEqual([
        path,
        expect.toSatisfy((status) => status === 401 || status === 404),
      ]);
    }
    expect(await send('GET', '/org/api/members/%00')).toMatchObject({
      status: 400,
      body: { code: 'invalid_input' },
    });
    expect(await send('GET', '/org/api/members/a%2Fb')).toMatchObject({
      status: 404,
      body: { code: 'member_not_found' },
    });
  });

  test('links come from the base URL, whatever the request says its host is', async () => {
    const { manager } = await createTeam(memoryStorage());
    const send = await open(manager);
    const answer = await send('POST', '/org/api/invitations/invite', {
      body: { email: 'new@acme.example.com' },
      headers: { host: 'evil.example.org', 'x-forwarded-host': 'evil.example.org' },
    });
    expect(JSON.stringify(answer.body)).not.toContain('evil');
    expect(answer).toMatchObject({
      body: {
        invitation: {
          link: expect.stringMatching(/^https:\/\/app\.acme\.example\.com\/org\/join#token=oum_/),
        },
      },
    });
  });
});
