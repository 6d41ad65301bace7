/**
 * A native plugin and hook for Fastify 5.
 *
 * @module
 */
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  preHandlerAsyncHookHandler,
} from 'fastify';
import {
  createMountedHandler,
  createUsageGuard,
  type Identify,
  type UsageGuardOptions,
} from '../../../src/http/index.ts';
import type { OrgUserManager } from '../../../src/index.ts';
import { toRequest } from '../node-bridge/index.ts';

/** What `app.register(fastifyPlugin, …)` takes, beside Fastify's own `prefix`. */
export interface FastifyPluginOptions {
  readonly manager: OrgUserManager;
  /** Who is signed in; required. */
  readonly identify: Identify<FastifyRequest>;
}

const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/**
 * The manager's routes and join page. It is encapsulated: its body parser and routes touch nothing
 * else of the application, while hooks that the application has added before, such as for a session,
 * run for it too. Registering fails with `invalid_options` when `identify` is missing.
 *
 * @example
 * import { fastifyPlugin } from 'org-user-manager/fastify';
 *
 * await app.register(fastifyPlugin, { manager, identify, prefix: '/org' });
 */
export async function fastifyPlugin(
  app: FastifyInstance,
  { manager, identify }: FastifyPluginOptions,
): Promise<void> {
  const handler = createMountedHandler(manager, { identify });
  const depth = app.prefix.split('/').length;
  app.removeAllContentTypeParsers();
  // Handed on unread: the handler has its own limits and its own answers.
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.route({
    method: methods,
    url: '/*',
    handler(request, reply) {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      // By segments: a prefix may hold parameters.
      const url = `/${request.url.split('/').slice(depth).join('/')}`;
      const { body } = request;
      return handler(toRequest(request.raw, { url, body, signal: gone.signal }), request);
    },
  });
}

/**
 * A hook that charges each request before the host's own handler runs, or answers 401, 403 or 429.
 * As a hook of the route it holds for every spelling of the route's path.
 * Throws `invalid_options` when `identify` is missing or the activity is not configured.
 *
 * @example
 * import { fastifyUsageGuard } from 'org-user-manager/fastify';
 *
 * const preHandler = fastifyUsageGuard(manager, { identify, activity: 'search' });
 * app.get('/search', { preHandler }, search);
 */
export function fastifyUsageGuard(
  manager: OrgUserManager,
  options: UsageGuardOptions<FastifyRequest>,
): preHandlerAsyncHookHandler {
  const guard = createUsageGuard(manager, options);
  return async function usageGuard(request: FastifyRequest, reply: FastifyReply) {
    const verdict = await guard(request);
    reply.headers(verdict.headers);
    if (verdict.allowed) return undefined;
    // As bytes: Fastify would add a charset to the type of a text.
    return reply.code(verdict.status).send(Buffer.from(verdict.body ?? ''));
  };
}
