import type { FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { createMountedGuard, type UsageGuardOptions } from '../../../src/http/index.ts';
import type { OrgUserManager } from '../../../src/index.ts';
import { addHeaders, type HeaderTarget, onceAnswered } from '../node-bridge/index.ts';

/**
 * A hook that charges each request before the host's own handler runs, or answers 401, 403, 429 or 503.
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
  const guard = createMountedGuard(manager, options);
  const settles = options.chargeOn === 'success';
  return async function usageGuard(request: FastifyRequest, reply: FastifyReply) {
    const verdict = await guard(request);
    if (verdict.allowed && settles) {
      onceAnswered(reply.raw, (succeeded) => void verdict.usage.settle(succeeded));
    }
    // Something else, such as a time-out, has answered in the meantime.
    if (reply.sent) return reply;
    addHeaders(headersOf(reply), verdict.headers);
    if (verdict.allowed) return undefined;
    // As bytes: Fastify would add a charset to the type of a text.
    return reply.code(verdict.status).send(Buffer.from(verdict.body ?? ''));
  };
}

const headersOf = (reply: FastifyReply): HeaderTarget => ({
  getHeader: (name) => reply.getHeader(name),
  setHeader: (name, value) => reply.header(name, value),
});
