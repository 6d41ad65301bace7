import { type RateLimitRequestHandler, rateLimit } from 'express-rate-limit';
import { RateLimiterMemory, RateLimiterRes, RateLimiterUnion } from 'rate-limiter-flexible';
import { type ExpressRequest, expressUsageGuard } from '../../../adapters/http/express/index.ts';
import { type Contender, type Goal, interleave, report } from './measure.ts';
import { createManager, guardOptions, type Subject, userOf } from './subjects.ts';

const day = 24 * 60 * 60;
const plenty = 1_000_000_000;

/** Stands in for Node's response: keeps what it is told, and no more. */
class Stub {
  headersSent = false;
  statusCode = 200;
  readonly headers: Record<string, unknown> = {};
  body: unknown;
  setHeader(name: string, value: unknown) {
    this.headers[name] = value;
  }
  append(name: string, value: unknown) {
    const before = this.headers[name];
    this.headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  getHeader(name: string) {
    return this.headers[name];
  }
  status(code: number) {
    this.statusCode = code;
    return this;
  }
  send(body: unknown) {
    this.body = body;
  }
  end(body: unknown) {
    this.body = body;
  }
}

interface StubRequest extends Subject {
  readonly ip: string;
  readonly headers: object;
  readonly method: string;
}

type Middleware = (req: StubRequest, res: Stub, next: (error?: unknown) => void) => unknown;

/** Requests of a thousand people in turn, each with a response of its own. */
function contender(name: string, status: number, middleware: Middleware): Contender {
  return {
    name,
    async run(requests) {
      let passed = 0;
      const next = (error?: unknown) => {
        if (error) throw error;
        passed += 1;
      };
      for (let n = 0; n < requests; n++) {
        const res = new Stub();
        await middleware(
          { user: userOf(n), ip: '127.0.0.1', headers: {}, method: 'GET' },
          res,
          next,
        );
        if (res.statusCode !== status) throw new Error(`${name}: ${res.statusCode}`);
      }
      if (passed !== (status === 200 ? requests : 0)) throw new Error(`${name}: ${passed} passed`);
    },
  };
}

async function ours(limits: object, options: object = {}): Promise<Middleware> {
  const guard = expressUsageGuard<ExpressRequest>(await createManager(limits), {
    ...Object(guardOptions),
    ...options,
  });
  return (req, res, next) => Reflect.apply(guard, undefined, [req, res, next]);
}

function expressRateLimit(limit: number): Middleware {
  const middleware: RateLimitRequestHandler = rateLimit({
    windowMs: day * 1000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: true,
    validate: false,
    keyGenerator: (req) => Object(req).user,
  });
  return (req, res, next) => Reflect.apply(middleware, undefined, [req, res, next]);
}

/** The wrapper that its documentation shows, with the headers of one window. */
function flexible(
  limiter: Pick<RateLimiterMemory, 'consume'> | Pick<RateLimiterUnion, 'consume'>,
  headersOf: (res: Stub, result: RateLimiterRes) => void,
): Middleware {
  const pick = (result: RateLimiterRes | Record<string, RateLimiterRes>) =>
    result instanceof RateLimiterRes ? result : Object.values(result)[0];
  return async (req, res, next) => {
    let result: RateLimiterRes | undefined;
    try {
      result = pick(await limiter.consume(req.user));
    } catch (refusal) {
      const refused = pick(Object(refusal));
      if (!refused) throw refusal;
      res.statusCode = 429;
      res.setHeader('Retry-After', Math.ceil(refused.msBeforeNext / 1000));
      headersOf(res, refused);
      res.end('{"error":"Too Many Requests"}');
      return;
    }
    if (result) headersOf(res, result);
    next();
  };
}

const fourHeaders =
  (limit: number) =>
  (res: Stub, { remainingPoints, msBeforeNext, consumedPoints }: RateLimiterRes) => {
    res.setHeader('X-RateLimit-Limit', limit);
    res.setHeader('X-RateLimit-Remaining', remainingPoints);
    res.setHeader('X-RateLimit-Used', consumedPoints);
    res.setHeader('X-RateLimit-Reset', Math.ceil((Date.now() + msBeforeNext) / 1000));
  };

const sevenHeaders = (limit: number) => (res: Stub, result: RateLimiterRes) => {
  const { remainingPoints, msBeforeNext } = result;
  res.setHeader('RateLimit-Policy', `"day";q=${limit};w=${day}`);
  res.setHeader('RateLimit', `"day";r=${remainingPoints};t=${Math.ceil(msBeforeNext / 1000)}`);
  fourHeaders(limit)(res, result);
  res.setHeader('X-RateLimit-Resource', 'day');
};

// The first is the day of P2; a month would overflow its timers, so two days stand for it.
const limiter = (points: number, keyPrefix: string, days = 1) =>
  new RateLimiterMemory({ points, duration: days * day, keyPrefix });
const union = () => new RateLimiterUnion(limiter(plenty, 'd'), limiter(plenty, 'm', 20));

const lean = { legacyHeaders: false };
const names = {
  both: 'ours, day and month',
  one: 'ours, day',
  oneLean: 'ours, day, 2 headers',
  refused: 'ours, 429',
  erl: 'express-rate-limit',
  erlRefused: 'express-rate-limit, 429',
  union: 'rlf union, 7 headers',
  rlf: 'rlf, 4 headers',
  rlf7: 'rlf, 7 headers',
  rlf7Again: 'rlf, 7 headers again',
  rlfRefused: 'rlf, 429',
  base: 'empty middleware',
} as const;

const goals: readonly Goal[] = [
  { id: 'A/A', ours: names.rlf7Again, peer: names.rlf7, most: 1 },
  { id: 'P1', ours: names.both, peer: names.erl, most: 0.25 },
  { id: 'P1', ours: names.both, peer: names.union, most: 0.5 },
  { id: 'P2', ours: names.one, peer: names.rlf7, most: 1 },
  { id: 'P2', ours: names.oneLean, peer: names.rlf, most: 1 },
  { id: 'P3', ours: names.refused, peer: names.erlRefused, most: 0.35 },
  { id: 'P3', ours: names.refused, peer: names.rlfRefused, most: 1 },
];

/** Goals P1 to P3: what a middleware adds to a request, called directly on stubs. */
export async function benchDirect(rounds: number): Promise<void> {
  const month = { daily: plenty, monthly: plenty };
  const contenders = [
    contender(names.base, 200, async (_req, _res, next) => next()),
    contender(names.both, 200, await ours(month)),
    contender(names.one, 200, await ours({ daily: plenty })),
    contender(names.oneLean, 200, await ours({ daily: plenty }, lean)),
    contender(names.refused, 429, await ours({ daily: 0 })),
    contender(names.erl, 200, expressRateLimit(plenty)),
    contender(names.erlRefused, 429, expressRateLimit(0)),
    contender(names.union, 200, flexible(union(), sevenHeaders(plenty))),
    contender(names.rlf, 200, flexible(limiter(plenty, 'a'), fourHeaders(plenty))),
    contender(names.rlf7, 200, flexible(limiter(plenty, 'b'), sevenHeaders(plenty))),
    contender(names.rlf7Again, 200, flexible(limiter(plenty, 'c'), sevenHeaders(plenty))),
    contender(names.rlfRefused, 429, flexible(limiter(0, 'e'), sevenHeaders(0))),
  ];
  const requests = 5000;
  console.log(`\ndirect calls, ${rounds} rounds of ${requests}, CPU µs a request over the base`);
  report(await interleave(contenders, { rounds, requests }), names.base, goals);
}
