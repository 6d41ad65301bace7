/** Applications in which something else has its hands on the request's body. */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import express from 'express';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { OrgUserManager } from 'org-user-manager';
import { expressHandler } from 'org-user-manager/express';
import { fastifyPlugin } from 'org-user-manager/fastify';
import { createHandler, type Identity } from 'org-user-manager/http';
import { onTestFinished } from 'vitest';
import { adminIdentity, express4, listen, type Send } from './doors.ts';

/** A way into the manager's routes below `/org`, as the admin unless `identity` says otherwise. */
export interface BodyDoor {
  readonly name: string;
  listen(manager: OrgUserManager, identity?: Identity | null): Promise<number>;
}

// Longer than a body takes to arrive.
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 10));

const expresses = [
  ['Express 4', express4],
  ['Express 5', express],
] as const;

function expressDoors(what: string, middleware: express.RequestHandler): readonly BodyDoor[] {
  return expresses.map(([version, create]) => ({
    name: `${version}, ${what}`,
    async listen(manager, identity = adminIdentity) {
      const app = create();
      app.use(middleware);
      const identify = async () => {
        await aWhile();
        return identity;
      };
      app.use('/org', expressHandler(manager, { identify }));
      return listen(app);
    },
  }));
}

function fastifyDoor(what: string, prepare: (app: FastifyInstance) => void): BodyDoor {
  return {
    name: `Fastify, ${what}`,
    async listen(manager, identity = adminIdentity) {
      const app = fastify();
      onTestFinished(() => app.close());
      prepare(app);
      const identify = async () => {
        await aWhile();
        return identity;
      };
      await app.register(fastifyPlugin, { manager, identify, prefix: '/org' });
      return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
    },
  };
}

/** Nothing else reads. */
export const untouched: readonly BodyDoor[] = [
  ...expressDoors('alone', (_req, _res, next) => next()),
  fastifyDoor('alone', () => undefined),
];

/** The body is gone before the handler can see it. */
export const thieves: readonly BodyDoor[] = [
  ...expressDoors('a middleware that keeps the raw body', async (req, _res, next) => {
    Object.assign(req, { rawBody: await text(req) });
    next();
  }),
  ...expressDoors('a logger that goes on at the end of the body', (req, _res, next) => {
    req.on('data', () => undefined).on('end', () => next());
  }),
  ...expressDoors('a middleware that reads and sets an empty body', async (req, _res, next) => {
    await text(req);
    req.body ??= {};
    next();
  }),
  ...expressDoors('a middleware that takes the first part', (req, _res, next) => {
    req.once('data', () => {
      req.pause();
      next();
    });
  }),
  fastifyDoor('a preParsing hook that reads the request', (app) => {
    app.addHook('preParsing', async ({ raw }: FastifyRequest) => {
      await text(raw);
    });
  }),
  fastifyDoor('a preParsing hook that reads and passes an empty stream', (app) => {
    app.addHook('preParsing', async (_request, _reply, payload) => {
      await text(payload);
      return Readable.from([]);
    });
  }),
  fastifyDoor('an onRequest hook that reads the request', (app) => {
    app.addHook('onRequest', async ({ raw }) => {
      await text(raw);
    });
  }),
];

const log = (source: Readable) => source.on('data', () => undefined);

/** Something else reads, and the handler sees the body too. */
export const sharers: readonly BodyDoor[] = [
  ...expressDoors('a logger that goes on at once', (req, _res, next) => {
    log(req);
    next();
  }),
  ...expressDoors('a middleware that asks for text', (req, _res, next) => {
    req.setEncoding('utf8');
    next();
  }),
  ...expressDoors('a middleware that asks for base64', (req, _res, next) => {
    req.setEncoding('base64');
    next();
  }),
  ...expressDoors('a reader that begins later', (req, _res, next) => {
    next();
    text(req).catch(() => undefined);
  }),
  fastifyDoor('a raw body hook that passes the stream on, and a slow one', (app) => {
    app.addHook('preParsing', (...[, , payload, done]) => {
      log(payload);
      done(null, payload);
    });
    app.addHook('preHandler', aWhile);
  }),
  fastifyDoor('a hook that asks for text', (app) => {
    app.addHook('preParsing', (...[, , payload, done]) => {
      payload.setEncoding('utf8');
      done(null, payload);
    });
  }),
  fastifyDoor('a preParsing hook that reads and passes a copy', (app) => {
    app.addHook('preParsing', async (_request, _reply, payload) =>
      Readable.from([Buffer.from(await text(payload))]),
    );
  }),
];

const all = { type: () => true };

/** A parser reads, and leaves the body in `req.body`. */
export const parsers: readonly BodyDoor[] = [
  ...expresses.flatMap(([version, create]) => [
    ...expressDoors('json()', create.json()).filter(({ name }) => name.startsWith(version)),
    ...expressDoors('raw()', create.raw(all)).filter(({ name }) => name.startsWith(version)),
    ...expressDoors('text()', create.text(all)).filter(({ name }) => name.startsWith(version)),
  ]),
  ...expressDoors('a parser of its own', async (req, _res, next) => {
    req.body = JSON.parse((await text(req)) || '{}');
    next();
  }),
];

/** Sends what a fetch framework would hand on after `prepare`. */
export const fetchSend =
  (
    manager: OrgUserManager,
    prepare: (request: Request) => Request | Promise<Request>,
    identify: (request: Request) => Promise<Identity | null> = async () => adminIdentity,
  ): Send =>
  async (method, path, { body } = {}) => {
    const handler = createHandler(manager, { identify });
    const request = new Request(`https://app.acme.example.com${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const response = await handler(await prepare(request));
    const { status, headers } = response;
    return { status, headers: Object.fromEntries(headers), body: await response.json() };
  };
