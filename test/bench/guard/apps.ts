import rateLimitPlugin from '@fastify/rate-limit';
import express, { type Express } from 'express';
import { rateLimit } from 'express-rate-limit';
import fastify, { type FastifyInstance } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { expressUsageGuard } from '../../../adapters/http/express/index.ts';
import { fastifyUsageGuard } from '../../../adapters/http/fastify/index.ts';
import { createManager, identityOf } from './subjects.ts';

const plenty = 1_000_000_000;
const dayMs = 24 * 60 * 60 * 1000;
const both = { daily: plenty, monthly: plenty };

/** Who asks: a header, as a session would be. */
const userHeader = 'x-user';

const answer = { results: [] };

/** Fastify applications with one route, `/search`. */
export const fastifyApps: Readonly<Record<string, () => Promise<FastifyInstance>>> = {
  async bare() {
    const app = fastify();
    app.get('/search', async () => answer);
    return app;
  },
  async 'no-op hook'() {
    const app = fastify();
    app.get('/search', { preHandler: async () => undefined }, async () => answer);
    return app;
  },
  async ours() {
    const app = fastify();
    const preHandler = fastifyUsageGuard(await createManager(both), {
      identify: ({ headers }) => identityOf(String(headers[userHeader])),
    });
    app.get('/search', { preHandler }, async () => answer);
    return app;
  },
  async 'ours, 2 headers'() {
    const app = fastify();
    const preHandler = fastifyUsageGuard(await createManager(both), {
      identify: ({ headers }) => identityOf(String(headers[userHeader])),
      legacyHeaders: false,
    });
    app.get('/search', { preHandler }, async () => answer);
    return app;
  },
  async '@fastify/rate-limit'() {
    const app = fastify();
    await app.register(rateLimitPlugin, {
      max: plenty,
      timeWindow: dayMs,
      cache: 5000,
      keyGenerator: ({ headers }) => String(headers[userHeader]),
    });
    app.get('/search', async () => answer);
    return app;
  },
};

/** Express applications with one route, `/search`. */
export const expressApps: Readonly<Record<string, () => Promise<Express>>> = {
  async bare() {
    const app = express();
    app.get('/search', (_req, res) => void res.json(answer));
    return app;
  },
  async ours() {
    const app = express();
    const guard = expressUsageGuard(await createManager(both), {
      identify: (req: express.Request) => identityOf(String(req.headers[userHeader])),
    });
    app.get('/search', guard, (_req, res) => void res.json(answer));
    return app;
  },
  async 'express-rate-limit'() {
    const app = express();
    app.use(
      rateLimit({
        windowMs: dayMs,
        limit: plenty,
        standardHeaders: 'draft-8',
        keyGenerator: ({ headers }) => String(headers[userHeader]),
      }),
    );
    app.get('/search', (_req, res) => void res.json(answer));
    return app;
  },
  async rlf() {
    const app = express();
    const limiter = new RateLimiterMemory({ points: plenty, duration: dayMs / 1000 });
    app.use(async (req, res, next) => {
      const { remainingPoints, msBeforeNext } = await limiter.consume(
        String(req.headers[userHeader]),
      );
      res.setHeader('X-RateLimit-Limit', plenty);
      res.setHeader('X-RateLimit-Remaining', remainingPoints);
      res.setHeader('X-RateLimit-Reset', Math.ceil((Date.now() + msBeforeNext) / 1000));
      res.setHeader('X-RateLimit-Policy', `${plenty};w=${dayMs / 1000}`);
      next();
    });
    app.get('/search', (_req, res) => void res.json(answer));
    return app;
  },
};
