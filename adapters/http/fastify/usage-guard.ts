import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import {
  createMountedGuard,
  type UsageGuardOptions,
  type UsageVerdict,
} from '../../../src/http/index.ts';
import { type OrgUserManager, toOrgUserManagerError } from '../../../src/index.ts';
import { hasOwn } from '../../../src/system/has-own.ts';
import { addHeaders, type HeaderTarget, onceAnswered } from '../node-bridge/index.ts';

/**
 * A hook of Fastify. To call it in a hook of your own, `await` it without `done`: it gives a promise then,
 * and has answered when `reply.sent`.
 */
export type FastifyUsageGuard = (
  request: FastifyRequest,
  reply: FastifyReply,
  done?: HookHandlerDoneFunction,
) => Promise<unknown> | undefined;

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
): FastifyUsageGuard {
  const guard = createMountedGuard(manager, options);
  const settles = guard.chargeOn === 'success';

  /** Whether the request goes on. */
  function apply(verdict: UsageVerdict, reply: FastifyReply): boolean {
    if (verdict.allowed && settles) {
      onceAnswered(reply.raw, (succeeded) => void verdict.usage.settle(succeeded));
    }
    // Something else, such as a time-out, has answered in the meantime.
    if (reply.sent) return false;
    addHeaders(new ReplyHeaders(reply), verdict.headers);
    if (verdict.allowed) return true;
    // As bytes: Fastify would add a charset to the type of a text.
    reply.code(verdict.status).send(Buffer.from(verdict.body ?? ''));
    return false;
  }

  async function wait(verdict: Promise<UsageVerdict>, reply: FastifyReply) {
    try {
      return apply(await verdict, reply) ? undefined : reply;
    } catch (error) {
      throw toOrgUserManagerError(error);
    }
  }

  const ask = async (request: FastifyRequest) => guard(request);

  return function usageGuard(request, reply, done) {
    if (!done) return wait(ask(request), reply);
    let goesOn = false;
    try {
      const verdict = guard(request);
      if (!hasOwn(verdict, 'allowed')) return wait(verdict, reply);
      goesOn = apply(verdict, reply);
    } catch (error) {
      return Promise.reject(toOrgUserManagerError(error));
    }
    // At once, where a promise would cost the request a turn of the event loop.
    if (goesOn) done();
    return undefined;
  };
}

class ReplyHeaders implements HeaderTarget {
  readonly #reply: FastifyReply;

  constructor(reply: FastifyReply) {
    this.#reply = reply;
  }

  getHeader(name: string) {
    return this.#reply.getHeader(name);
  }

  setHeader(name: string, value: string) {
    this.#reply.header(name, value);
  }
}
