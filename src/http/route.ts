import type * as z from 'zod/mini';
import { parseInput } from '../access/parse-input.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { ChargeOutcome } from '../model/charge-outcome.ts';
import type { OrgUserManager } from '../org-user-manager.ts';
import type { Identity } from './identity.ts';
import type { Reply } from './reply.ts';

/** One request on its way through a route. Nothing is read or asked before it is needed. */
export interface Exchange {
  readonly manager: OrgUserManager;
  /** The segment that stands in the place of the path's `:name`, decoded; else empty. */
  readonly id: string;
  /** Who is signed in, or `null`. */
  identify(): Promise<Identity | null>;
  /** The query of a GET, the body of a POST. */
  readInput(): Promise<unknown>;
  /** A charge's outcome as an answer: what the guard would say, or 200 with the standing. */
  answerUsage(charge: Promise<ChargeOutcome>): Promise<Reply>;
}

/** A method and a path with what answers them. At most one segment of the path is a `:name`. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  answer(exchange: Exchange): Promise<Reply>;
}

type Call<Caller> = Pick<Exchange, 'manager' | 'id' | 'answerUsage'> & Caller;

/**
 * Defines routes for one kind of caller. The order is fixed: first who calls, then what is sent,
 * whole and with no unknown field, so that a body or query can never say who calls.
 */
function routesFor<Caller>(admit: (exchange: Exchange) => Promise<Caller>) {
  const define =
    (method: Route['method']) =>
    <Schema extends z.ZodMiniType>(
      path: string,
      schema: Schema,
      run: (call: Call<Caller>, input: z.output<Schema>) => Promise<Reply>,
    ): Route => ({
      method,
      path,
      async answer(exchange) {
        const caller = await admit(exchange);
        const input = parseInput(schema, await exchange.readInput());
        const { manager, id, answerUsage } = exchange;
        return run({ manager, id, answerUsage, ...caller }, input);
      },
    });
  return { get: define('GET'), post: define('POST') };
}

async function requireIdentity({ identify }: Exchange): Promise<{ readonly identity: Identity }> {
  const identity = await identify();
  if (!identity) throw new OrgUserManagerError('not_signed_in', {});
  return { identity };
}

interface Insider {
  readonly identity: Identity;
  /** Whom every administrative call names; the manager checks what this person may do. */
  readonly scope: { readonly orgId: string; readonly actor: Actor };
}

async function requireOrganization(exchange: Exchange): Promise<Insider> {
  const { identity } = await requireIdentity(exchange);
  const { orgId, userId } = identity;
  if (orgId === undefined) throw new OrgUserManagerError('not_a_member', {});
  return { identity, scope: { orgId, actor: { userId } } };
}

/** Routes that work without sign-in. */
export const anyone = routesFor(async () => ({}));

/** Routes for everyone who is signed in, with or without an organization. */
export const account = routesFor(requireIdentity);

/** Routes inside the organization that the caller's identity names. */
export const organization = routesFor(requireOrganization);
