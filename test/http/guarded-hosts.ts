import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import express from 'express';
import fastify from 'fastify';
import type { OrgUserManager } from 'org-user-manager';
import { expressUsageGuard } from 'org-user-manager/express';
import { fastifyUsageGuard } from 'org-user-manager/fastify';
import type { UsageGuardOptions } from 'org-user-manager/http';
import { onTestFinished } from 'vitest';
import { listen } from './doors.ts';

/** What every host sends with an answer before a guard has had its turn. */
export interface HostSetting {
  readonly manager: OrgUserManager;
  /** One guard for each, in this order. */
  readonly guards: readonly UsageGuardOptions<unknown>[];
  /** Set on every answer before the guards run. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** Told when a product route is reached. */
  readonly reached?: () => void;
}

/**
 * A product behind guards. `/search` answers 200, `/fail` throws, `/status/:code` answers with that
 * status, `/hang` begins an answer and never ends it; whatever else is there for nobody is a guarded
 * 404. Returns the port.
 */
export interface GuardedHost {
  readonly name: string;
  listen(setting: HostSetting): Promise<number>;
}

const expressHost: GuardedHost = {
  name: 'Express',
  async listen({ manager, guards, headers, reached }) {
    const app = express().disable('x-powered-by').disable('etag').set('env', 'test');
    app.use((_req, res, next) => {
      res.set(headers?.() ?? {});
      next();
    });
    app.use(guards.map((options) => expressUsageGuard(manager, options)));
    app.use((_req, _res, next) => {
      reached?.();
      next();
    });
    app.get('/search', (_req, res) => void res.json({ results: [] }));
    app.get('/fail', () => {
      throw new Error('broken');
    });
    app.get('/status/:code', (req, res) => void res.status(Number(req.params.code)).end());
    app.get('/hang', (_req, res) => void res.write('begun'));
    return listen(app);
  },
};

const fastifyHost: GuardedHost = {
  name: 'Fastify',
  async listen({ manager, guards, headers, reached }) {
    const app = fastify({ forceCloseConnections: true });
    onTestFinished(() => app.close());
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers(headers?.() ?? {});
    });
    const preHandler = [
      ...guards.map((options) => fastifyUsageGuard(manager, options)),
      async () => reached?.(),
    ];
    app.get('/search', { preHandler }, async () => ({ results: [] }));
    app.get('/fail', { preHandler }, async () => {
      throw new Error('broken');
    });
    app.get<{ Params: { code: string } }>('/status/:code', { preHandler }, (request, reply) =>
      reply.code(Number(request.params.code)).send(),
    );
    app.get('/hang', { preHandler }, (_request, reply) => {
      reply.hijack();
      reply.raw.write('begun');
    });
    app.setNotFoundHandler({ preHandler }, (_request, reply) => reply.code(404).send());
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    return Number(new URL(url).port);
  },
};

export const guardedHosts: readonly GuardedHost[] = [expressHost, fastifyHost];

/** An answer as it crossed the wire. */
export interface RawAnswer {
  readonly statusLine: string;
  /** Name and value of each header, in order, without those of the transport. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

const transport = ['connection', 'content-length', 'keep-alive', 'transfer-encoding'];

/** Asks once, by hand, and reads whatever comes back. */
export async function askRaw(port: number, head: string): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `${head.trimEnd().replaceAll('\n', '\r\n')}\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
  const [top = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  const [statusLine = '', ...lines] = top.split('\r\n');
  const headers = lines
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const)
    .filter(([name]) => !transport.includes(name.toLowerCase()));
  return { statusLine, headers, body };
}
