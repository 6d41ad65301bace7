import { createRequire } from 'node:module';
import express from 'express';
import fastify from 'fastify';
import type { OrgUserManager } from 'org-user-manager';
import { expressHandler, expressUsageGuard } from 'org-user-manager/express';
import { fastifyPlugin, fastifyUsageGuard } from 'org-user-manager/fastify';
import { createHandler, createUsageGuard, type UsageGuardOptions } from 'org-user-manager/http';
import { onTestFinished } from 'vitest';
import { listen, sendTo } from '../http/doors.ts';

/** An application whose callbacks change from request to request. */
export interface Application {
  readonly manager: OrgUserManager;
  /** The callbacks of the request that is sent next. */
  options(): UsageGuardOptions<unknown>;
  /** Called when a request goes past the door. */
  passed(): void;
  /** Called with what the framework's error handler gets. */
  failed(error: unknown): void;
}

/** What a request was answered with. */
export interface Answered {
  readonly status: number;
  readonly body: string;
}

/** One way into an application: a guard, or the manager's own routes. */
export interface CallbackDoor {
  readonly name: string;
  readonly isGuard: boolean;
  /** Returns what sends the next request. */
  open(application: Application): Promise<() => Promise<Answered>>;
}

const identifyOf =
  ({ options }: Application) =>
  (subject: unknown) =>
    options().identify(subject);

// Express 4 has no types of its own here; what is used of it has those of 5.
export const express4: typeof express = createRequire(import.meta.url)('express4');

function expressDoor(version: number, create: typeof express, isGuard: boolean): CallbackDoor {
  return {
    name: `${isGuard ? 'the guard' : 'the handler'} of Express ${version}`,
    isGuard,
    async open(application) {
      const { manager, options, passed, failed } = application;
      const app = create();
      if (isGuard) {
        app.use((req, res, next) => void expressUsageGuard(manager, options())(req, res, next));
      } else {
        app.use('/org', expressHandler(manager, { identify: identifyOf(application) }));
      }
      app.use((_req, res) => {
        passed();
        res.json({});
      });
      // As most applications write theirs.
      // biome-ignore lint/complexity/useMaxParams: Express takes a function of four for one of errors.
      const onError: express.ErrorRequestHandler = (error, _req, res, _next) => {
        failed(error);
        const { status, statusCode, message } = Object(error);
        res.status(status ?? statusCode ?? 500).json({ message });
      };
      app.use(onError);
      return sender(await listen(app));
    },
  };
}

function fastifyDoor(name: string, isGuard: boolean, withDone: boolean): CallbackDoor {
  return {
    name,
    isGuard,
    async open(application) {
      const { manager, options, passed, failed } = application;
      const app = fastify();
      onTestFinished(() => app.close());
      app.addHook('onError', async (_request, _reply, error) => failed(error));
      if (!isGuard) {
        const identify = identifyOf(application);
        await app.register(fastifyPlugin, { manager, identify, prefix: '/org' });
      } else if (withDone) {
        app.addHook('preHandler', (request, reply, done) =>
          fastifyUsageGuard(manager, options())(request, reply, done),
        );
      } else {
        app.addHook('preHandler', async (request, reply) => {
          await fastifyUsageGuard(manager, options())(request, reply);
        });
      }
      app.post('/search', async () => {
        passed();
        return {};
      });
      const url = isGuard ? '/search' : '/org/api/consume';
      return async () => {
        const { statusCode, body } = await app.inject({ method: 'POST', url, payload: {} });
        return { status: statusCode, body };
      };
    },
  };
}

const fetchGuardDoor: CallbackDoor = {
  name: 'the fetch guard',
  isGuard: true,
  async open({ manager, options, passed, failed }) {
    return async () => {
      try {
        const verdict = await createUsageGuard(manager, options())(toRequest('/search'));
        if (!verdict.allowed) return { status: verdict.status, body: verdict.body ?? '' };
        passed();
        return { status: 200, body: '' };
      } catch (error) {
        failed(error);
        return { status: 500, body: '' };
      }
    };
  },
};

const fetchHandlerDoor: CallbackDoor = {
  name: 'the fetch handler',
  isGuard: false,
  async open(application) {
    const handler = createHandler(application.manager, { identify: identifyOf(application) });
    return async () => {
      const response = await handler(toRequest('/org/api/consume'));
      return { status: response.status, body: await response.text() };
    };
  },
};

const toRequest = (path: string) =>
  new Request(`https://app.acme.example.com${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });

function sender(port: number) {
  const send = sendTo(port);
  return async () => {
    const { status, body } = await send('POST', '/org/api/consume', { as: null, body: {} });
    return { status, body: JSON.stringify(body) };
  };
}

export const callbackDoors: readonly CallbackDoor[] = [
  expressDoor(4, express4, true),
  expressDoor(5, express, true),
  fastifyDoor('the guard of Fastify with done', true, true),
  fastifyDoor('the guard of Fastify, awaited', true, false),
  fetchGuardDoor,
  expressDoor(4, express4, false),
  expressDoor(5, express, false),
  fastifyDoor('the plugin of Fastify', false, false),
  fetchHandlerDoor,
];
