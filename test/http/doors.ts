import { createServer, type IncomingHttpHeaders, request as nodeRequest } from 'node:http';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import express from 'express';
import fastify from 'fastify';
import type { OrgUserManager } from 'org-user-manager';
import { expressHandler, expressUsageGuard } from 'org-user-manager/express';
import { fastifyPlugin, fastifyUsageGuard } from 'org-user-manager/fastify';
import { createHandler, createUsageGuard, type Identity } from 'org-user-manager/http';
import { onTestFinished } from 'vitest';
import { account, orgId } from '../fixtures/team.ts';

/** What a test sends. */
export interface Message {
  /** Who sends it; `null` = nobody is signed in. Default: the admin. */
  readonly as?: Identity | null;
  /** Sent as JSON, unless it is a string or bytes already. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What comes back; `body` is parsed if it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export type Send = (method: string, path: string, message?: Message) => Promise<Answer>;

/** One way into the manager: the routes below `/org`, and `/search?cost=` behind a guard. */
export interface Door {
  readonly name: string;
  open(manager: OrgUserManager): Promise<Send>;
}

/** A person of the organization, as the host would vouch for them. */
export const person = (userId: string): Identity => ({ ...account(userId), orgId });

export const adminIdentity: Identity = {
  ...person('u_admin'),
  email: 'admin@acme.example.com',
  mayCreateOrganization: true,
  maySetAllocation: true,
};

const identityHeader = 'x-identity';
const readIdentity = (value: string | string[] | null | undefined) =>
  typeof value === 'string' ? JSON.parse(value) : null;
const costOf = (url: string | undefined) => Number(/cost=([^&]*)/.exec(url ?? '')?.[1] ?? 1);
const found = { results: ['first'] };

// All that a header may hold.
const toAscii = (json: string) =>
  json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

function toPayload(body: unknown): string | Buffer<ArrayBuffer> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body);
  return body === undefined ? '' : JSON.stringify(body);
}

function toWire({ as = adminIdentity, body, headers }: Message) {
  return {
    headers: {
      'content-type': 'application/json',
      ...(as && { [identityHeader]: toAscii(JSON.stringify(as)) }),
      ...headers,
    },
    payload: toPayload(body),
  };
}

const parse = (type: string | null | undefined, content: string): unknown =>
  /json/.test(type ?? '') && content !== '' ? JSON.parse(content) : content;

/** Sends over the network, with the path exactly as given. */
export function sendTo(port: number): Send {
  return async (method, path, message = {}) => {
    const { headers, payload } = toWire(message);
    return new Promise((resolve, reject) => {
      const outgoing = nodeRequest({ host: '127.0.0.1', port, method, path, headers });
      outgoing.once('error', reject);
      outgoing.once('response', (incoming) => {
        const { statusCode = 0 } = incoming;
        text(incoming).then(
          (content) =>
            resolve({
              status: statusCode,
              headers: incoming.headers,
              body: parse(incoming.headers['content-type'], content),
            }),
          reject,
        );
      });
      outgoing.end(method === 'GET' || method === 'HEAD' || payload === '' ? undefined : payload);
    });
  };
}

/** Listens on a free port of the loopback for as long as the test runs. */
export async function listen(app: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer({}, app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export const fetchDoor: Door = {
  name: 'a fetch handler',
  async open(manager) {
    const identify = (request: Request) => readIdentity(request.headers.get(identityHeader));
    const handler = createHandler(manager, { identify });
    const guard = createUsageGuard(manager, { identify, cost: ({ url }) => costOf(url) });
    async function host(request: Request): Promise<Response> {
      if (new URL(request.url).pathname.startsWith('/org')) return handler(request);
      const verdict = await guard(request);
      if (!verdict.allowed) return new Response(verdict.body, verdict);
      return Response.json(found, { headers: verdict.headers });
    }
    return async (method, path, message = {}) => {
      const { headers, payload } = toWire(message);
      const reads = method === 'GET' || method === 'HEAD';
      const response = await host(
        new Request(`https://app.acme.example.com${path}`, {
          method,
          headers,
          body: reads ? null : payload,
        }),
      );
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: parse(response.headers.get('content-type'), await response.text()),
      };
    };
  },
};

// Express 4 has no types of its own here; what is used of it has those of 5.
const require = createRequire(import.meta.url);
export const express4: typeof express = require('express4');

function expressDoor(name: string, create: typeof express, parsed: boolean): Door {
  return {
    name,
    async open(manager) {
      const app = create();
      if (parsed) app.use(create.json());
      app.use(
        '/org',
        expressHandler(manager, {
          identify: (req: express.Request) => readIdentity(req.get(identityHeader)),
        }),
      );
      const guard = expressUsageGuard(manager, {
        identify: (req: express.Request) => readIdentity(req.get(identityHeader)),
        activity: 'search',
        cost: (req) => costOf(req.url),
      });
      app.get('/search', guard, (_req, res) => {
        res.json(found);
      });
      return sendTo(await listen(app));
    },
  };
}

const fastifyDoor: Door = {
  name: 'Fastify',
  async open(manager) {
    const app = fastify();
    await app.register(fastifyPlugin, {
      manager,
      identify: ({ headers }) => readIdentity(headers[identityHeader]),
      prefix: '/org',
    });
    const preHandler = fastifyUsageGuard(manager, {
      identify: ({ headers }) => readIdentity(headers[identityHeader]),
      activity: 'search',
      cost: ({ url }) => costOf(url),
    });
    app.get('/search', { preHandler }, async () => found);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    onTestFinished(() => app.close());
    return sendTo(Number(new URL(url).port));
  },
};

export const doors: readonly Door[] = [
  fetchDoor,
  expressDoor('Express 5', express, false),
  expressDoor('Express 5 after express.json()', express, true),
  expressDoor('Express 4', express4, false),
  expressDoor('Express 4 after express.json()', express4, true),
  fastifyDoor,
];
