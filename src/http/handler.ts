import { checkOptions } from '../access/check-options.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { OrgUserManager } from '../org-user-manager.ts';
import { asked } from './asked.ts';
import { createChargeAnswers } from './charge-answers.ts';
import { isCrossSite } from './csrf.ts';
import { type Identify, identifyRule, readIdentity } from './identity.ts';
import { createProblems } from './problem.ts';
import { readJsonBody } from './read-body.ts';
import { readQuery } from './read-query.ts';
import type { Reply } from './reply.ts';
import { createRouter } from './router.ts';
import { routes } from './routes/index.ts';

/** What `createHandler()` and the mounts take. */
export interface HandlerOptions<Subject> {
  /** Who is signed in; required. */
  readonly identify: Identify<Subject>;
}

/** Answers every request and never rejects. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** The same behind a framework: `subject` is what `identify` gets. */
export type MountedHandler<Subject> = (request: Request, subject: Subject) => Promise<Response>;

/**
 * The manager as a fetch-style handler: JSON routes under `api/`, and the join page that invite
 * links open. It belongs under the path of `baseUrl`; a request whose path does not begin with that
 * is taken to come from a framework that has already cut it off.
 *
 * Throws `invalid_options` when `identify` is missing or an option is unknown.
 *
 * @example
 * import { createHandler } from 'org-user-manager/http';
 *
 * const handler = createHandler(manager, {
 *   identify: async (request) => {
 *     const session = await readSession(request.headers.get('cookie'));
 *     return session && { ...session.user, orgId: session.orgId };
 *   },
 * });
 */
export function createHandler(
  manager: OrgUserManager,
  options: HandlerOptions<Request>,
): FetchHandler {
  const answer = createAnswerer(manager, options);
  const base = new URL(manager.settings.baseUrl).pathname.replace(/\/$/, '');
  return (request) => {
    const { pathname } = new URL(request.url);
    const path = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
    return answer({ request: unread(request), path, subject: request });
  };
}

/** A copy that is read beside the original, which `identify` may read, copy or hand on. */
function unread(request: Request): Request {
  const isUnread = request.body !== null && !request.bodyUsed && !request.body.locked;
  return isUnread ? request.clone() : request;
}

/**
 * For framework mounts such as those for Express and Fastify: a handler of requests whose URL holds
 * only what follows the mount's path, with `identify` getting the framework's own request. The body is
 * read while `identify` runs.
 * Throws `invalid_options`.
 */
export function createMountedHandler<Subject>(
  manager: OrgUserManager,
  options: HandlerOptions<Subject>,
): MountedHandler<Subject> {
  const answer = createAnswerer(manager, options);
  return (request, subject) => answer({ request, path: new URL(request.url).pathname, subject });
}

interface Incoming<Subject> {
  readonly request: Request;
  /** The path below the mount. */
  readonly path: string;
  readonly subject: Subject;
}

function createAnswerer<Subject>(manager: OrgUserManager, options: HandlerOptions<Subject>) {
  const { identify } = checkOptions(options, { identify: identifyRule }, {});
  const askIdentity = asked(identify);
  const { settings } = manager;
  const ownOrigin = new URL(settings.baseUrl).origin;
  const findRoute = createRouter(routes);
  // In JSON a character takes up to 6 bytes; the rest is for other fields.
  const maxBodyBytes = Math.max(1024 * 1024, 64 * 1024 + 6 * settings.bulkTextLimit);
  const answerUsage = createChargeAnswers(settings);
  const problemOf = createProblems(settings);

  async function replyTo({ request, path, subject }: Incoming<Subject>): Promise<Reply> {
    const { answer, id, isChange } = findRoute(request.method, path);
    if (isChange && isCrossSite(request, ownOrigin)) {
      throw new OrgUserManagerError('cross_site_request', {});
    }
    // Begun before anything of the application is awaited: another reader must not come first.
    const body = isChange ? readJsonBody(request, maxBodyBytes) : undefined;
    // An answer such as 401 does not wait for it.
    body?.catch(() => undefined);
    return answer({
      manager,
      id,
      answerUsage,
      identify: async () => readIdentity(await askIdentity(subject)),
      readInput: async () => body ?? readQuery(new URL(request.url).searchParams),
    });
  }

  return async function orgUserManager(incoming: Incoming<Subject>): Promise<Response> {
    const reply = await replyTo(incoming).catch(problemOf);
    return new Response(incoming.request.method === 'HEAD' ? null : reply.body, reply);
  };
}
