import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { systemActor } from 'org-user-manager';
import { createHandler } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { tokenIn } from '../fixtures/recording-mailer.ts';
import { account, admin, createTeam, orgId } from '../fixtures/team.ts';
import { adminIdentity, fetchDoor, person } from './doors.ts';

async function open() {
  const team = await createTeam(memoryStorage());
  return { ...team, send: await fetchDoor.open(team.manager) };
}

// The README's table is what the tests walk through, so that neither can forget a route.
const documented = [
  ...readFileSync('src/http/README.md', 'utf8').matchAll(
    /^\| `(GET|POST) (\/\S+?)(?:\?\S*)?` \|/gm,
  ),
].map(([, method = '', path = '']) => ({ method, path: `/org${path}` }));
const apiRoutes = documented.filter(({ path }) => path.startsWith('/org/api/'));
const legitimate = [
  '/org/api/members?status',
  '/org/api/invitations?status',
  '/org/api/usage?userId',
  '/org/api/usage/history?userId',
];
const fill = (path: string, id: string) => path.replace(/:\w+/, id);

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

const validBodies: Readonly<Record<string, object>> = {
  '/org/api/organization': { name: 'Acme' },
  '/org/api/organization/set-invite-policy': { role: 'admin' },
  '/org/api/organization/set-allocation': { daily: 5 },
  '/org/api/organization/set-time-zone': { timeZone: 'Asia/Tokyo' },
  '/org/api/invitations/invite': { email: 'x@acme.example.com' },
  '/org/api/invitations/invite-many': { addresses: ['x@acme.example.com'] },
  '/org/api/invitations/bulk-extract': { text: 'x@acme.example.com' },
};

const memberDisabled = { status: 403, body: { code: 'member_disabled' } };
const refusals: Readonly<Record<string, object>> = {
  'POST /org/api/organization': { status: 409, body: { code: 'organization_exists' } },
};

test('the README documents every route', () => {
  expect(documented.length).toBeGreaterThan(20);
  expect(apiRoutes.map(({ path }) => path)).toContain('/org/api/members/:userId/disable');
});

describe('every route', () => {
  test('refuses who is not signed in, but for the preview', async () => {
    const { send } = await open();
    for (const { method, path } of apiRoutes) {
      if (path.endsWith('/preview')) continue;
      const answer = await send(method, fill(path, 'u_sam'), { as: null });
      expect([path, answer]).toMatchObject([
        path,
        { status: 401, body: { code: 'not_signed_in' } },
      ]);
    }
  });

  test('refuses a disabled member and leaves everything as it was', async () => {
    const { send, manager, join } = await open();
    await join('u_sam', 'admin');
    await join('u_other');
    // A link made for the address before the person was disabled.
    const invited = await manager.invite({
      orgId,
      actor: systemActor,
      email: 's@acme.example.com',
    });
    if (invited.outcome !== 'invited') throw new Error(invited.outcome);
    await manager.disable({ orgId, actor: admin, userId: 'u_sam' });
    const before = await everything(manager);
    const rights = { mayCreateOrganization: true, maySetAllocation: true };
    const as = { ...person('u_sam'), email: 's@acme.example.com', ...rights };
    const token = tokenIn(invited.invitation.link ?? '');
    const bodies: typeof validBodies = { ...validBodies, '/org/api/invitations/accept': { token } };
    // A link may be looked at and turned down by whoever holds it and owns the address.
    const refused = apiRoutes.filter(({ path }) => !/\/(?:preview|decline)$/.test(path));
    for (const { method, path } of refused) {
      const id = path.includes('invitations') ? invited.invitation.id : 'u_other';
      const answer = await send(method, fill(path, id), { as, body: bodies[path] });
      expect([path, answer]).toMatchObject([path, refusals[`${method} ${path}`] ?? memberDisabled]);
    }
    expect(await everything(manager)).toEqual(before);
  });

  test('refuses fields that it does not know, whoever they name', async () => {
    const { send, manager, join } = await open();
    await join('u_sam');
    const before = await everything(manager);
    const forged = ['orgId', 'actor', 'userId', 'status', 'admin', 'id'];
    const attempts = apiRoutes
      .flatMap((route) => forged.map((field) => ({ ...route, field })))
      .filter(({ path, field }) => !legitimate.includes(`${path}?${field}`));
    for (const { method, path, field } of attempts) {
      const query = method === 'GET' ? `?${field}=x` : '';
      const body = { ...validBodies[path], [field]: { system: true } };
      const answer = await send(method, fill(path, 'u_sam') + query, { body });
      expect([path, answer]).toMatchObject([
        path,
        { status: 400, body: { code: 'invalid_input' } },
      ]);
      expect(Object(answer.body).issues).toContainEqual({ path: field, message: 'is not known' });
    }
    expect(await everything(manager)).toEqual(before);
  });

  test('changes nothing on GET and HEAD', async () => {
    const { send, manager, join } = await open();
    await join('u_sam');
    const invited = await manager.invite({ orgId, actor: admin, email: 'x@acme.example.com' });
    if (invited.outcome !== 'invited') throw new Error(invited.outcome);
    const before = await everything(manager);
    for (const { path } of documented) {
      for (const method of ['GET', 'HEAD']) {
        const id = path.includes('invitations') ? invited.invitation.id : 'u_sam';
        await send(method, fill(path, id));
      }
    }
    expect(await everything(manager)).toEqual(before);
  });

  test('answers another method with 405 and what it allows', async () => {
    const { send } = await open();
    for (const path of new Set(documented.map((route) => route.path))) {
      const own = documented.filter((route) => route.path === path).map(({ method }) => method);
      const answer = await send('PUT', fill(path, 'u_sam'), { as: null });
      const allow = own
        .flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method))
        .sort()
        .join(', ');
      expect([path, answer]).toMatchObject([
        path,
        { status: 405, headers: { allow }, body: { code: 'method_not_allowed' } },
      ]);
    }
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      expect(await send(method, '/org/api/me')).toMatchObject({ status: 405 });
    }
  });

  test('never restores: no method or path brings a disabled member back', async () => {
    const { send, manager, join } = await open();
    await join('u_sam');
    await manager.disable({ orgId, actor: admin, userId: 'u_sam' });
    for (const verb of ['restore', 'enable', 'activate', 'undisable', 'promote', 'demote']) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await send(method, `/org/api/members/u_sam/${verb}`);
        expect([403, 404, 405]).toContain(answer.status);
      }
    }
    const { items } = await manager.listMembers({ orgId, actor: admin, status: 'disabled' });
    expect(items).toMatchObject([{ userId: 'u_sam' }]);
  });
});

describe('requests that another site made the browser send', () => {
  const own = 'https://app.acme.example.com';
  const post = async (headers: Record<string, string>) => {
    const { send } = await open();
    return send('POST', '/org/api/consume', { headers });
  };

  test.each([
    ['another origin', { origin: 'https://evil.example.org' }],
    ['a sibling subdomain', { origin: 'https://other.acme.example.com' }],
    ['another scheme', { origin: 'http://app.acme.example.com' }],
    ['another port', { origin: `${own}:8443` }],
    ['a longer name', { origin: `${own}.evil.example.org` }],
    ['an opaque origin', { origin: 'null' }],
    ['two origins', { origin: `${own}, https://evil.example.org` }],
    ['cross-site by the browser', { 'sec-fetch-site': 'cross-site' }],
    ['same-site by the browser', { 'sec-fetch-site': 'same-site', origin: own }],
    ['an unknown word', { 'sec-fetch-site': 'x' }],
  ])('are refused: %s', async (_, headers) => {
    expect(await post({ cookie: 'session=1', ...headers })).toMatchObject({
      status: 403,
      body: { code: 'cross_site_request' },
    });
    // Without a cookie the sender knew the credentials.
    expect(await post(headers)).toMatchObject({ status: 200 });
  });

  test('the own site’s pass', async () => {
    const ways: Record<string, string>[] = [
      {},
      { origin: own },
      { 'sec-fetch-site': 'same-origin', origin: own },
    ];
    for (const headers of ways) {
      expect(await post({ cookie: 'session=1', ...headers })).toMatchObject({ status: 200 });
    }
    expect(await post({ cookie: 'a=1', 'sec-fetch-site': 'none' })).toMatchObject({ status: 200 });
  });
});

describe('bodies and queries', () => {
  const path = '/org/api/invitations/bulk-extract';

  test('have to say application/json, also when there is none', async () => {
    const { send } = await open();
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'text/plain; application/json',
      '',
    ]) {
      for (const [target, body] of [
        [path, '{"text":""}'],
        ['/org/api/consume', undefined],
      ] as const) {
        expect(
          await send('POST', target, { body, headers: { 'content-type': type } }),
        ).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
      }
    }
    const headers = { 'content-type': 'Application/JSON ; charset=utf-8' };
    expect(await send('POST', path, { body: '{"text":""}', headers })).toMatchObject({
      status: 200,
    });
  });

  test.each(['{', 'nonsense', '[]', '"text"', '1', 'null', 'true', '{"text":"a"}x', '\u0000'])(
    'that are no JSON object are refused: %j',
    async (body) => {
      const { send } = await open();
      expect(await send('POST', path, { body })).toMatchObject({
        status: 400,
        body: { code: 'invalid_input' },
      });
    },
  );

  test('that are not UTF-8 are refused', async () => {
    const { send } = await open();
    const body = Uint8Array.from([...Buffer.from('{"text":"'), 0xff, ...Buffer.from('"}')]);
    expect(await send('POST', path, { body })).toMatchObject({
      status: 400,
      body: { issues: [{ path: '', message: 'must be UTF-8' }] },
    });
  });

  test.each(['gzip', 'GZIP', 'br', 'identity, gzip', 'x'])(
    'in the encoding %s are refused, and the answer says why',
    async (encoding) => {
      const { send } = await open();
      const headers = { 'content-encoding': encoding };
      const body = gzipSync('{"text":""}');
      for (const sent of [body, '{"text":""}']) {
        expect(await send('POST', path, { body: sent, headers })).toMatchObject({
          status: 415,
          body: {
            code: 'unsupported_content_encoding',
            detail: expect.stringContaining('content-encoding'),
          },
        });
      }
      expect(await send('POST', path, { as: null, body, headers })).toMatchObject({ status: 401 });
    },
  );

  test('in the encoding identity are taken', async () => {
    const { send } = await open();
    const headers = { 'content-encoding': 'Identity' };
    expect(await send('POST', path, { body: { text: '' }, headers })).toMatchObject({
      status: 200,
    });
  });

  test.each<[string, string, [string, string]]>([
    ['/org/api/consume', '{"cost":1,"cost":5}', ['cost', 'is given twice']],
    ['/org/api/consume', '{"cost":1,"\\u0063ost":1}', ['cost', 'is given twice']],
    [
      '/org/api/consume',
      '{"x":{"cost":[{"y":1},{"y":1,"z":"{,","y":2}]}}',
      ['x.cost.1.y', 'is given twice'],
    ],
    [
      '/org/api/organization',
      '{"name":"\\\\","allocation":{"daily":1,"daily":2}}',
      ['allocation.daily', 'is given twice'],
    ],
    ['/org/api/organization', '{"name":"a\\"","name":"b"}', ['name', 'is given twice']],
    [
      '/org/api/invitations/invite-many',
      '{"perAddress":{"x@acme.example.com":{},"x@acme.example.com":{"role":"admin"}}}',
      ['perAddress', 'is given twice'],
    ],
    // The object itself is one level: 32 are read, the next one is too many.
    ['/org/api/consume', `{"x":${nested(31)}}`, ['x', 'is not known']],
    ['/org/api/consume', `{"x":${nested(32)}}`, ['', 'is nested too deeply']],
    ['/org/api/consume', `{"x":${nested(1000)}}`, ['', 'is nested too deeply']],
    ['/org/api/consume', '{"__proto__":{"cost":5}}', ['__proto__', 'is not known']],
    ['/org/api/consume', '{"cost":1,"__proto__":null}', ['__proto__', 'is not known']],
    [
      '/org/api/invitations/invite',
      '{"email":"x@acme.example.com","limit":{"__proto__":{"daily":5}}}',
      ['limit.__proto__', 'is not known'],
    ],
    [
      '/org/api/invitations/invite-many',
      '{"addresses":["x@acme.example.com"],"perAddress":{"__proto__":{"role":"admin"}}}',
      ['perAddress.__proto__', 'is not known'],
    ],
  ])('to %s with a key that is no one field are refused: %s', async (target, body, issue) => {
    const { send, manager } = await open();
    const before = await everything(manager);
    const answer = await send('POST', target, { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    const issues = [issue].map(([key, message]) => ({ path: key, message }));
    expect(answer.body).toMatchObject({ issues });
    expect(JSON.stringify(answer.body)).not.toContain('x@acme');
    expect(await everything(manager)).toEqual(before);
  });

  test.each([
    '{"text":"\\"text\\":1,\\"text\\":2 {[ \\\\"}',
    '{"text":"a","phones":{"defaultCountry":"NL"}}',
    ' { "text" : "" } ',
  ])('that hold each key once are taken: %s', async (body) => {
    const { send } = await open();
    expect(await send('POST', path, { body })).toMatchObject({ status: 200 });
  });

  test('reach no prototype', async () => {
    const { send } = await open();
    for (const body of [
      '{"text":"","__proto__":{"polluted":true}}',
      '{"text":"","constructor":{"prototype":{"polluted":true}}}',
    ]) {
      expect(await send('POST', path, { body })).toMatchObject({ status: 400 });
    }
    expect(await send('POST', path, { body: '{"__proto__":{"text":"a"}}' })).toMatchObject({
      status: 400,
    });
    expect(Object({})).not.toHaveProperty('polluted');
  });

  test('longer than a bulk text can be are refused, whatever their length header says', async () => {
    const { manager } = await open();
    const handler = createHandler(manager, { identify: () => adminIdentity });
    let produced = 0;
    const endless = new ReadableStream({
      pull(controller) {
        produced += 2 ** 16;
        controller.enqueue(new Uint8Array(2 ** 16).fill(0x20));
      },
    });
    const init = { method: 'POST', body: endless, duplex: 'half' };
    const response = await handler(
      new Request(`https://app.acme.example.com${path}`, {
        ...init,
        headers: { 'content-type': 'application/json', 'content-length': '2' },
      }),
    );
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'body_too_large' });
    expect(produced).toBeLessThan(2 ** 21);
  });

  test('hold whatever text the manager takes, as JSON spells it', async () => {
    const { send } = await open();
    const text = '\u0001'.repeat(262_144);
    expect(
      await send('POST', '/org/api/invitations/bulk-extract', { body: { text } }),
    ).toMatchObject({ status: 200 });
  });

  test('with a field twice, or a malformed page size, are refused', async () => {
    const { send } = await open();
    for (const [query, field] of [
      ['status=all&status=active', 'status'],
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=1e2', 'limit'],
      ['limit=', 'limit'],
      ['limit=-1', 'limit'],
      ['limit=1e9', 'limit'],
      ['limit=1000000000', 'limit'],
      ['sort=id', 'sort'],
      ['sort=', 'sort'],
      ['order=up', 'order'],
      ['role=owner', 'role'],
      ['status=x', 'status'],
    ]) {
      expect(await send('GET', `/org/api/members?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_input', issues: [{ path: field }] },
      });
    }
    expect(await send('GET', '/org/api/members?cursor=x')).toMatchObject({
      status: 400,
      body: { code: 'invalid_cursor' },
    });
    expect(await send('GET', '/org/api/members/%zz')).toMatchObject({ status: 400 });
  });
});

describe('a fault of the server', () => {
  test('is told to onError and, to the client, not at all', async () => {
    const { manager, errors } = await createTeam(memoryStorage());
    const fault = new Error('connect ECONNREFUSED password=hunter2 select * from members');
    const handler = createHandler(manager, { identify: () => Promise.reject(fault) });
    const response = await handler(new Request('https://app.acme.example.com/org/api/me'));
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      type: expect.stringMatching(/#internal$/),
      title: 'Internal error',
      status: 500,
      code: 'internal',
      instance: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
    });
    expect(errors).toEqual([fault]);
  });

  test.each([
    ['emailVerified', { userId: 'u', email: 'a@acme.example.com' }],
    ['emailVerified', { userId: 'u', email: 'a@acme.example.com', emailVerified: 1 }],
    ['userId', { email: 'a@acme.example.com', emailVerified: true }],
    ['userId', { userId: 7, email: 'a@acme.example.com', emailVerified: true }],
    ['email', { userId: 'u', email: null, emailVerified: true }],
    ['orgId', { ...account('u'), orgId: '' }],
    ['orgId', { ...account('u'), orgId: 7 }],
    ['name', { ...account('u'), name: 7 }],
    ['mayCreateOrganization', { ...account('u'), mayCreateOrganization: 'yes' }],
    ['maySetAllocation', { ...account('u'), maySetAllocation: 1 }],
  ])('such as an identity with a wrong %s is no default', async (field, identity) => {
    const { manager, errors } = await createTeam(memoryStorage());
    const handler = createHandler(manager, {
      identify: () => JSON.parse(JSON.stringify(identity)),
    });
    const response = await handler(new Request('https://app.acme.example.com/org/api/me'));
    expect(response.status).toBe(500);
    const body = await response.json();
    expect(body).toMatchObject({ code: 'invalid_options' });
    // What is wrong inside the host is told to the host.
    expect(body).not.toHaveProperty('issues');
    expect(errors).toMatchObject([
      { code: 'invalid_options', details: { issues: [{ path: `identify().${field}` }] } },
    ]);
  });
});

/** All that a change could change. */
async function everything(manager: Awaited<ReturnType<typeof open>>['manager']) {
  // Sending goes on in the background and is not what the requests do.
  await manager.deliverMail();
  const call = { orgId, actor: systemActor };
  return {
    members: await manager.listMembers({ ...call, status: 'all' }),
    invitations: await manager.listInvitations({ ...call, status: 'all' }),
    usage: await manager.usage(call),
  };
}
