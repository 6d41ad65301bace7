import { ownFields } from '../access/own-fields.ts';
import {
  type ErrorCode,
  errorCatalog,
  isOrgUserManagerError,
  type OrgUserManagerError,
  toOrgUserManagerError,
} from '../errors/index.ts';
import type { Settings } from '../options.ts';
import { createInstanceIds } from './instance-ids.ts';
import { commonHeaders, type Reply } from './reply.ts';

/** Members that a problem carries beside those of its error. */
interface ProblemMembers {
  /** Overrides the error's own. */
  readonly status?: number;
  /** What to do about it, for a person. */
  readonly detail?: string;
  readonly [member: string]: unknown;
}

/** A problem document (RFC 9457) that says what an error says, and no more. */
export function problemDocument(error: OrgUserManagerError, members: ProblemMembers = {}) {
  const { code, help } = error;
  const { status = error.status, detail, ...others } = ownFields(members, ['status', 'detail']);
  // A fault of the server is told to the host's `onError`, not to the client.
  const details = error.status < 500 ? error.details : {};
  const { title } = errorCatalog[code];
  return { type: help, title, status, detail, code, ...details, ...others };
}

/** The same as an answer. */
export function problem(error: OrgUserManagerError, members: ProblemMembers = {}): Reply {
  const document = problemDocument(error, members);
  const headers = { ...commonHeaders, 'Content-Type': 'application/problem+json' };
  return { status: document.status, headers, body: JSON.stringify(document) };
}

// Their titles do not say what to do, and the sender cannot look into the server.
const explained: readonly ErrorCode[] = ['body_already_read', 'unsupported_content_encoding'];

const emptyObject =
  'An empty object arrived where a longer body was announced. To send an empty one, omit the body or send {} with Content-Length: 2.';

function detailOf(error: OrgUserManagerError): string | undefined {
  if (!explained.includes(error.code)) return undefined;
  const { advice } = errorCatalog[error.code];
  const isEmptyObject = isOrgUserManagerError(error, 'body_already_read') && error.details.arrived;
  return isEmptyObject ? `${emptyObject} ${advice}` : advice;
}

/**
 * Creates the answers to what was thrown. The client sees nothing of an unknown error. It
 * and every other fault of the server go to the option `onError`, with the `instance` of the answer. Of
 * an `internal` error `onError` gets the cause, which is all that is known of it.
 */
export function createProblems(settings: Settings): (error: unknown) => Reply {
  const { onError, clock } = settings;
  const nextInstance = createInstanceIds(settings);
  return (error) => {
    const known = toOrgUserManagerError(error);
    if (known.status >= 500) {
      const instance = nextInstance();
      onError(known.code === 'internal' ? known.cause : error, { instance });
      return problem(known, { instance });
    }
    const reply = problem(known, { detail: detailOf(known) });
    if (!isOrgUserManagerError(error, 'resend_too_soon')) return reply;
    const waitMs = Math.max(1, Date.parse(error.details.retryAt) - clock.now());
    const retryAfter = `${Math.ceil(waitMs / 1000)}`;
    return { ...reply, headers: { ...reply.headers, 'Retry-After': retryAfter } };
  };
}
