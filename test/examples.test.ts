import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createApp as createExpressApp } from '../examples/express/app.ts';
import { createApp as createFastifyApp } from '../examples/fastify/app.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { smtpCatcher } from './fixtures/smtp-catcher.ts';
import { secret } from './fixtures/team.ts';

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'org-user-manager-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function user(userId: string) {
  return {
    userId,
    email: `${userId}@acme.example.com`,
    emailVerified: true,
    orgId: 'acme',
    mayCreateOrganization: userId === 'founder',
  };
}

interface Host {
  readonly origin: string;
  /** The headers with which each of the two signs in. */
  readonly founder: Record<string, string>;
  readonly colleague: Record<string, string>;
  /** A product route that costs 10 units. */
  readonly product: string;
  mailTo(address: string): Promise<{ readonly source: string }>;
  /** What the host itself answers to the colleague once they are disabled. */
  readonly afterDisable: number;
}

async function story({ origin, founder, colleague, product, mailTo, afterDisable }: Host) {
  const api = async (headers: Record<string, string>, path: string, body?: object) => {
    const response = await fetch(`${origin}/org/api/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  const use = (headers: Record<string, string>) => fetch(`${origin}${product}`, { headers });

  expect((await use({})).status).toBe(401);
  expect((await api(colleague, 'organization', { name: 'Acme' })).status).toBe(403);
  expect((await api(founder, 'organization', { name: 'Acme' })).status).toBe(204);
  expect((await use(colleague)).status).toBe(403);
  const invited = await api(founder, 'invitations/invite', { email: 'colleague@acme.example.com' });
  expect(invited.status).toBe(201);
  const mail = await mailTo('colleague@acme.example.com');
  const token = tokenIn(mail.source);
  expect((await api(founder, 'invitations/accept', { token })).body.code).toBe('wrong_account');
  expect((await api(colleague, 'invitations/accept', { token })).status).toBe(200);
  const limit = { daily: 20 };
  expect((await api(founder, 'members/colleague/set-limit', limit)).status).toBe(200);
  expect((await use(colleague)).status).toBe(200);
  expect((await use(colleague)).status).toBe(200);
  const refused = await use(colleague);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(await refused.json()).toMatchObject({
    code: 'usage_limit_exceeded',
    'violated-policies': ['user-day'],
    contact: { text: 'Contact your organization administrator.' },
  });
  expect((await api(founder, 'members/colleague/disable', {})).status).toBe(200);
  expect((await use(colleague)).status).toBe(afterDisable);
  expect((await api(colleague, 'invitations/accept', { token })).status).toBe(afterDisable);
}

test('the Express example: sessions, SMTP, SQLite, from the invitation to the disabling', async () => {
  const smtp = await smtpCatcher();
  const server = createServer();
  const origin = await listen(server);
  const { app, close } = await createExpressApp({
    filename: join(await emptyFolder(), 'app.sqlite'),
    smtpUrl: smtp.url,
    origin,
    secret,
    accounts: new Map([
      ['pw-1', user('founder')],
      ['pw-2', user('colleague')],
    ]),
  });
  onTestFinished(close);
  server.on('request', app as RequestListener);
  const signIn = async (password: string) => {
    const response = await fetch(`${origin}/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password }),
    });
    return { cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
  };
  await story({
    origin,
    founder: await signIn('pw-1'),
    colleague: await signIn('pw-2'),
    product: '/search?q=x',
    mailTo: smtp.mailTo,
    // The example ends a disabled user's sessions.
    afterDisable: 401,
  });
});

test('the Fastify example: tokens, SMTP, SQLite, from the invitation to the disabling', async () => {
  const smtp = await smtpCatcher();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const app = await createFastifyApp({
    filename: join(await emptyFolder(), 'app.sqlite'),
    smtpUrl: smtp.url,
    origin,
    secret,
    users: new Map([
      ['t-1', user('founder')],
      ['t-2', user('colleague')],
    ]),
  });
  onTestFinished(() => app.close());
  await app.listen({ port, host: '127.0.0.1' });
  await story({
    origin,
    founder: { authorization: 'Bearer t-1' },
    colleague: { authorization: 'Bearer t-2' },
    product: '/export?rows=10',
    mailTo: smtp.mailTo,
    afterDisable: 403,
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}
