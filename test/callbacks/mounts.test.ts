/** What is thrown in a mount, outside of its callbacks, reaches the framework as an error too. */
import express from 'express';
import fastify, { type FastifyInstance } from 'fastify';
import { isOrgUserManagerError, type OrgUserManager } from 'org-user-manager';
import { expressFetch, expressHandler, expressUsageGuard } from 'org-user-manager/express';
import { fastifyPlugin, fastifyUsageGuard } from 'org-user-manager/fastify';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, onTestFinished, test } from 'vitest';
import { admin, createTeam, orgId } from '../fixtures/team.ts';
import { adminIdentity, listen, sendTo } from '../http/doors.ts';
import { type Answered, express4 } from './callback-doors.ts';
import { countExits } from './exits.ts';
import { isCauseOf, marker, tryAll } from './hostile.ts';

const met = countExits('broken requests and responses');

/** What happens to a request, and what has happened to it. */
interface Course {
  fail(): unknown;
  passed: number;
  failure: unknown;
}

type Open = (manager: OrgUserManager, course: Course) => Promise<() => Promise<Answered>>;

/** An object of a framework, one of whose members fails. */
const broken = <T extends object>(whole: T, member: string, course: Course): T =>
  new Proxy(whole, {
    get: (target, name) => (name === member ? course.fail() : Reflect.get(target, name)),
  });

const identify = () => adminIdentity;
const identifyLater = async () => adminIdentity;

type Middleware = (
  manager: OrgUserManager,
  course: Course,
) => (req: express.Request, res: express.Response, next: express.NextFunction) => unknown;

const guard: Middleware = (manager, course) => (req, res, next) =>
  expressUsageGuard(manager, { identify })(req, broken(res, 'setHeader', course), next);

const guardThatWaits: Middleware = (manager, course) => (req, res, next) =>
  expressUsageGuard(manager, { identify: identifyLater })(
    req,
    broken(res, 'setHeader', course),
    next,
  );

const handler: Middleware = (manager, course) => (req, res, next) =>
  expressHandler(manager, { identify })(broken(req, 'url', course), res, next);

const fetchHandler: Middleware = (_manager, course) =>
  expressFetch(async () => Object(course.fail()));

const onExpress =
  (create: typeof express, middleware: Middleware): Open =>
  async (manager, course) => {
    const app = create();
    app.use((req, res, next) => void middleware(manager, course)(req, res, next));
    app.use((_req, res) => {
      course.passed += 1;
      res.json({});
    });
    // biome-ignore lint/complexity/useMaxParams: Express takes a function of four for one of errors.
    const onError: express.ErrorRequestHandler = (error, _req, res, _next) => {
      course.failure = error;
      res.status(500).json({});
    };
    app.use(onError);
    const send = sendTo(await listen(app));
    return async () => {
      const { status, body } = await send('GET', '/search');
      return { status, body: JSON.stringify(body) };
    };
  };

const onFastify =
  (
    add: (app: FastifyInstance, manager: OrgUserManager, course: Course) => unknown,
    path = '/search',
  ): Open =>
  async (manager, course) => {
    const app = fastify();
    onTestFinished(() => app.close());
    app.addHook('onError', async (_request, _reply, error) => {
      course.failure = error;
    });
    await add(app, manager, course);
    app.get('/search', async () => {
      course.passed += 1;
      return {};
    });
    return async () => {
      const { statusCode, body } = await app.inject(path);
      return { status: statusCode, body };
    };
  };

const mounts: readonly (readonly [name: string, open: Open])[] = [
  ...[
    { version: 4, create: express4 },
    { version: 5, create: express },
  ].flatMap(({ version, create }) => [
    [`the guard of Express ${version}`, onExpress(create, guard)] as const,
    [`the guard of Express ${version} that waits`, onExpress(create, guardThatWaits)] as const,
    [`the handler of Express ${version}`, onExpress(create, handler)] as const,
    [`expressFetch of Express ${version}`, onExpress(create, fetchHandler)] as const,
  ]),
  [
    'the guard of Fastify with done',
    onFastify((app, manager, course) =>
      app.addHook('preHandler', (request, reply, done) =>
        fastifyUsageGuard(manager, { identify })(request, broken(reply, 'header', course), done),
      ),
    ),
  ],
  [
    'the guard of Fastify, awaited',
    onFastify((app, manager, course) =>
      app.addHook('preHandler', async (request, reply) => {
        await fastifyUsageGuard(manager, { identify })(request, broken(reply, 'header', course));
      }),
    ),
  ],
  [
    'the plugin of Fastify',
    onFastify((app, manager, course) => {
      app.addHook('preHandler', async (request) => {
        Object.defineProperty(request, 'url', { get: () => course.fail() });
      });
      return app.register(fastifyPlugin, { manager, identify });
    }, '/join'),
  ],
];

test.each(mounts)('%s goes no further', async (_, open) => {
  const { manager } = await createTeam(memoryStorage());
  await manager.setLimit({ orgId, actor: admin, userId: admin.userId, daily: 100_000 });
  const course: Course = { fail: () => undefined, passed: 0, failure: undefined };
  const send = await open(manager, course);
  const wrong = await tryAll(async (way, value) => {
    // A member that is no function fails in one way only.
    if (way.name !== 'throws') return undefined;
    met.cases += 1;
    Object.assign(course, { fail: way.callback(value), passed: 0, failure: undefined });
    const { status, body } = await send();
    if (course.passed > 0) met.letThrough += 1;
    const { passed, failure } = course;
    const isRight =
      status === 500 &&
      passed === 0 &&
      !body.includes(marker) &&
      isInternal(failure) &&
      isCauseOf(value, failure.cause);
    return isRight ? undefined : { status, body, passed };
  });
  expect(wrong).toEqual([]);
});

function isInternal(failure: unknown): failure is Error {
  try {
    return isOrgUserManagerError(failure, 'internal');
  } catch {
    return false;
  }
}
