/** A body that was sent and not seen is never the same as no body. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, onTestFinished, test } from 'vitest';
import { admin, createTeam, orgId } from '../fixtures/team.ts';
import { fetchSend, parsers, sharers, thieves, untouched } from './body-doors.ts';
import { adminIdentity, type Send, sendTo } from './doors.ts';

/** A team with a member, an invitation, and no usage. */
async function open() {
  const team = await createTeam(memoryStorage(), { resendCooldownMs: 0 });
  await team.join('u_sam');
  const { manager } = team;
  const invited = await manager.invite({ orgId, actor: admin, email: 'x@acme.example.com' });
  if (invited.outcome !== 'invited') throw new Error(invited.outcome);
  const { id, link } = invited.invitation;
  const resend = `/org/api/invitations/${id}/resend`;
  const changes = [
    ['/org/api/members/u_sam/set-limit', { daily: 0 }],
    [resend, { rotate: true }],
    ['/org/api/consume', { cost: 10 }],
  ] as const;

  /** What the changes above would change. */
  async function state() {
    const { limit } = await manager.member({ orgId, actor: admin, userId: 'u_sam' });
    const { items } = await manager.listInvitations({ orgId, actor: admin });
    const { windows } = await manager.usage({ orgId, actor: admin, userId: 'u_admin' });
    const { link: linkNow, sendCount } = items[0] ?? {};
    return { daily: limit.daily, isOldLink: linkNow === link, sendCount, used: windows[0]?.used };
  }

  return { manager, changes, resend, state };
}

const before = { daily: null, isOldLink: true, sendCount: 1, used: 0 };
const after = { daily: 0, isOldLink: false, sendCount: 2, used: 10 };
const lost = {
  status: 400,
  body: { code: 'body_already_read', detail: expect.stringContaining('Mount the handler before') },
};

const chunked = { 'transfer-encoding': 'chunked' };

describe.each([
  ['of a known length', {}],
  ['in chunks', chunked],
])('a body %s', (_, headers) => {
  test.each(thieves)('is missed, and nothing changes: $name', async ({ listen }) => {
    const { manager, changes, state } = await open();
    const send = sendTo(await listen(manager));
    for (const [path, body] of changes) {
      expect([path, await send('POST', path, { body, headers })]).toMatchObject([path, lost]);
    }
    expect(await state()).toEqual(before);
  });

  test.each([...untouched, ...sharers, ...parsers])('is read: $name', async ({ listen }) => {
    const { manager, changes, state } = await open();
    const send = sendTo(await listen(manager));
    for (const [path, body] of changes) {
      expect([path, (await send('POST', path, { body, headers })).status]).toEqual([path, 200]);
    }
    expect(await state()).toEqual(after);
  });
});

test.each(thieves)('a missed body counts after who is there: $name', async ({ listen }) => {
  const { manager } = await open();
  const send = sendTo(await listen(manager, null));
  expect(await send('POST', '/org/api/consume', { body: { cost: 10 } })).toMatchObject({
    status: 401,
    body: { code: 'not_signed_in' },
  });
});

describe('no body, and an empty object,', () => {
  test.each([...untouched, ...sharers, ...parsers])('are the same: $name', async ({ listen }) => {
    const { manager, resend } = await open();
    const send = sendTo(await listen(manager));
    expect(await send('POST', resend)).toMatchObject({ status: 200 });
    expect(await send('POST', resend, { headers: chunked })).toMatchObject({ status: 200 });
    expect(await send('POST', resend, { body: {} })).toMatchObject({ status: 200 });
  });

  test.each(thieves)('that nothing was sent is no error: $name', async ({ name, listen }) => {
    // It waits for a first part.
    if (name.includes('first part')) return;
    const { manager, resend } = await open();
    const send = sendTo(await listen(manager));
    expect(await send('POST', resend)).toMatchObject({ status: 200 });
  });
});

test.each(parsers.filter(({ name }) => name.includes('json()')))(
  'a compressed body that a parser has unpacked is read: $name',
  async ({ listen }) => {
    const { manager, state } = await open();
    const send = sendTo(await listen(manager));
    const body = gzipSync('{"cost":10}');
    const headers = { 'content-encoding': 'gzip' };
    expect(await send('POST', '/org/api/consume', { body, headers })).toMatchObject({
      status: 200,
    });
    expect(await state()).toEqual({ ...before, used: 10 });
  },
);

describe('a fetch request', () => {
  const headers = { 'content-type': 'application/json' };
  const empty = ({ url }: Request, extra: Record<string, string>) =>
    new Request(url, { method: 'POST', headers: { ...headers, ...extra } });

  test.each<[string, (request: Request) => Request | Promise<Request>]>([
    [
      'that was read',
      async (request) => {
        await request.text();
        return request;
      },
    ],
    [
      'that is being read',
      (request) => {
        request.body?.getReader();
        return request;
      },
    ],
    ['that has a length and no body', (request) => empty(request, { 'content-length': '11' })],
    ['that has chunks and no body', (request) => empty(request, chunked)],
    [
      'whose body was emptied',
      ({ url }) => {
        const body = new ReadableStream({ start: (controller) => controller.close() });
        const init = { method: 'POST', body, duplex: 'half' };
        return new Request(url, { ...init, headers: { ...headers, 'content-length': '11' } });
      },
    ],
  ])('%s is missed, and nothing changes', async (_, prepare) => {
    const { manager, changes, state } = await open();
    const send = fetchSend(manager, prepare);
    for (const [path, body] of changes) {
      expect([path, await send('POST', path, { body })]).toMatchObject([path, lost]);
    }
    expect(await state()).toEqual(before);
    const nobody = fetchSend(manager, prepare, async () => null);
    expect(await nobody('POST', '/org/api/consume', { body: {} })).toMatchObject({ status: 401 });
  });

  test.each<[string, (request: Request) => Promise<unknown>]>([
    ['reads it', (request) => request.text()],
    ['copies it', async (request) => new Request(request)],
    ['clones it', (request) => request.clone().text()],
    ['leaves it', async () => undefined],
  ])('is read while `identify` %s', async (_, look) => {
    const { manager, changes, state } = await open();
    const send = fetchSend(
      manager,
      (request) => request,
      async (request) => {
        await look(request);
        return adminIdentity;
      },
    );
    for (const [path, body] of changes) {
      expect([path, (await send('POST', path, { body })).status]).toEqual([path, 200]);
    }
    expect(await state()).toEqual(after);
  });
});

describe('an answer that needs no body', () => {
  /** Sends by hand, and waits for status lines. */
  async function open(port: number) {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    let received = '';
    socket.on('data', (part) => {
      received += part;
    });
    return {
      socket,
      statuses: () => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
    };
  }
  const head = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
  const join = 'GET /org/join HTTP/1.1\r\nHost: x\r\n\r\n';

  test.each([...untouched, ...sharers].filter(({ name }) => !name.includes('a copy')))(
    'arrives before a slow one, and the connection goes on: $name',
    async ({ listen }) => {
      const { manager } = await createTeam(memoryStorage());
      const { socket, statuses } = await open(await listen(manager, null));
      socket.write(`${head('/org/api/consume', 3 * 2 ** 20)}{`);
      await expect.poll(statuses).toEqual(['401']);
      socket.write(' '.repeat(3 * 2 ** 20 - 1));
      socket.write(join);
      await expect.poll(statuses).toEqual(['401', '200']);
    },
  );

  test.each(untouched)('lets a long one pass: $name', async ({ listen }) => {
    const { manager } = await createTeam(memoryStorage());
    const { socket, statuses } = await open(await listen(manager));
    const length = 3 * 2 ** 20;
    for (const path of ['/org/api/nowhere', '/org/api/me']) {
      socket.write(head(path, length) + ' '.repeat(length) + join);
    }
    await expect.poll(statuses).toEqual(['404', '200', '405', '200']);
    socket.write(head('/org/api/consume', length));
    socket.write(Buffer.alloc(length, 0xff));
    socket.write(join);
    await expect.poll(statuses).toEqual(['404', '200', '405', '200', '400', '200']);
  });

  test.each(untouched)('arrives before a sender who stops or leaves: $name', async ({ listen }) => {
    const { manager, errors } = await createTeam(memoryStorage());
    const port = await listen(manager, null);
    const { socket, statuses } = await open(port);
    socket.write(`${head('/org/api/consume', 100)}{`);
    await expect.poll(statuses).toEqual(['401']);
    socket.destroy();
    expect(await sendTo(port)('GET', '/org/join')).toMatchObject({ status: 200 });
    expect(errors).toEqual([]);
  });
});

test.each(untouched)('a long body is refused while it is sent: $name', async ({ listen }) => {
  const { manager } = await createTeam(memoryStorage());
  const send: Send = sendTo(await listen(manager));
  const body = ' '.repeat(4 * 2 ** 20);
  expect(await send('POST', '/org/api/consume', { body })).toMatchObject({ status: 413 });
  expect(await send('GET', '/org/join')).toMatchObject({ status: 200 });
});
