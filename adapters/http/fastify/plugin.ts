import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ownFields } from '../../../src/access/own-fields.ts';
import { createMountedHandler, type Identify } from '../../../src/http/index.ts';
import { type OrgUserManager, toOrgUserManagerError } from '../../../src/index.ts';
import { discard, readAhead, toRequest } from '../node-bridge/index.ts';

/** What `app.register(fastifyPlugin, …)` takes, beside Fastify's own `prefix`. */
export interface FastifyPluginOptions {
  /** Whose routes these are. */
  readonly manager: OrgUserManager;
  /** Who is signed in; required. */
  readonly identify: Identify<FastifyRequest>;
}

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
  options: FastifyPluginOptions,
): Promise<void> {
  const { manager, identify } = ownFields(options, ['manager', 'identify']);
  const handler = createMountedHandler(manager, { identify });
  const depth = app.prefix.replace(/\/$/, '').split('/').length;
  app.removeAllContentTypeParsers();
  // Not parsed: the handler has its own limits and its own answers. Read from here on, since hooks of
  // the application may take their time before the handler runs.
  app.addContentTypeParser('*', ({ raw }, payload, done) => done(null, readAhead(payload, raw)));
  app.addHook('onResponse', async ({ body }) => discard(body));
  async function answer(request: FastifyRequest, reply: FastifyReply) {
    try {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      // By segments: a prefix may hold parameters.
      const url = `/${request.url.split('/').slice(depth).join('/')}`;
      const body = () => request.body;
      return await handler(toRequest(request.raw, { url, body, signal: gone.signal }), request);
    } catch (error) {
      throw toOrgUserManagerError(error);
    }
  }
  // Fastify refuses a Content-Type that it cannot read before it calls a parser. The handler does too.
  app.setErrorHandler(async (error, request, reply) => {
    if (Object(error).code !== 'FST_ERR_CTP_INVALID_MEDIA_TYPE') throw error;
    return answer(request, reply);
  });
  app.route({ method: app.supportedMethods, url: '/*', handler: answer });
}
