import { OrgUserManagerError } from '../errors/index.ts';
import { problem } from './problem.ts';
import type { Exchange, Route } from './route.ts';

/** The route for a request, and the part of the path that varies. */
export interface Match {
  readonly answer: Route['answer'];
  readonly id: Exchange['id'];
  /** Whether the route reads a body and may change something. */
  readonly isChange: boolean;
}

/**
 * Creates the look-up in a route table. Segments are compared after each one was decoded by itself,
 * so that an encoded slash stays part of its segment and nothing is resolved or collapsed.
 * Throws `route_not_found`, and `invalid_input` for a malformed percent-encoding.
 */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match {
  const table = routes.map((route) => ({ ...route, pattern: route.path.split('/') }));
  return (method, path) => {
    const segments = decodeSegments(path);
    const found = table.filter(({ pattern }) => matches(pattern, segments));
    if (found.length === 0) throw new OrgUserManagerError('route_not_found', {});
    const wanted = method === 'HEAD' ? 'GET' : method;
    const route = found.find((candidate) => candidate.method === wanted);
    if (!route) return { answer: refuseMethod(found), id: '', isChange: false };
    const variable = route.pattern.findIndex(isVariable);
    const isChange = route.method === 'POST';
    return { answer: route.answer, id: segments[variable] ?? '', isChange };
  };
}

const isVariable = (segment: string) => segment.startsWith(':');

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) =>
      isVariable(part) ? segments[index] !== '' : part === segments[index],
    )
  );
}

function decodeSegments(path: string): readonly string[] {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch (cause) {
    const issues = [{ path: 'url', message: 'holds a malformed percent-encoding' }];
    throw new OrgUserManagerError('invalid_input', { issues }, { cause });
  }
}

function refuseMethod(routes: readonly Route[]): Route['answer'] {
  const methods = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  const reply = problem(new OrgUserManagerError('method_not_allowed', {}));
  const headers = { ...reply.headers, Allow: methods.join(', ') };
  return async () => ({ ...reply, headers });
}
