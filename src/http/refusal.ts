import {
  type ErrorCode,
  errorCatalog,
  isOrgUserManagerError,
  OrgUserManagerError,
} from '../errors/index.ts';
import type { Exceeded } from '../model/charge-outcome.ts';
import { toExceeded } from '../model/to-decision.ts';
import type { UsageLimitExceeded } from '../model/usage-decision.ts';
import { deniedPage, deniedPagePolicy, type ShownProblem } from './denied-page.ts';
import type { UsageDenial } from './guard-options.ts';
import { problemDocument } from './problem.ts';
import { commonHeaders } from './reply.ts';

/** A refusal before it is written, as JSON or as a page. */
export interface Refusal {
  /** Of its own, as a verdict has it: the two are told apart by it. */
  readonly allowed: false;
  readonly code: ErrorCode;
  readonly status: number;
  /** When to come back, in seconds: the header `Retry-After`. */
  readonly retryAfter: string | undefined;
  /** Beside that and those of the content. */
  readonly headers: Readonly<Record<string, string>>;
  /** The problem document (RFC 9457), for a page. */
  readonly document: ShownProblem;
  /** The same as JSON. */
  readonly json: string;
  /** What a limit refuses. */
  readonly exceeded: Exceeded | null;
}

/** A refusal that says what an error says. */
export function refusalOf(error: OrgUserManagerError, detail?: string): Refusal {
  const document = problemDocument(error, detail === undefined ? {} : { detail });
  const json = JSON.stringify(document);
  return {
    allowed: false,
    code: error.code,
    status: document.status,
    retryAfter: undefined,
    headers: {},
    document,
    json,
    exceeded: null,
  };
}

/** Those that are always the same. */
export const accessRefusals = {
  not_signed_in: refusalOf(new OrgUserManagerError('not_signed_in', {})),
  not_a_member: refusalOf(new OrgUserManagerError('not_a_member', {})),
  member_disabled: refusalOf(
    new OrgUserManagerError('member_disabled', {}),
    'Only the support of this product can restore the access.',
  ),
} as const;

// Long enough for a database to come back from a restart, short enough for a person.
const retrySeconds = 5;

/**
 * The answer when the counters or the storage cannot: not the caller's fault, so no 429, and nothing is
 * known of their quota. The type is requested by draft-ietf-httpapi-ratelimit-headers.
 */
export function unavailableRefusal(
  error: unknown,
  { problemTypeBase, instance }: { readonly problemTypeBase: string; readonly instance: string },
): Refusal {
  const code =
    isOrgUserManagerError(error) && error.status === 503 ? error.code : ('unavailable' as const);
  const { title, status } = errorCatalog[code];
  const document = {
    type: `${problemTypeBase}#temporary-reduced-capacity`,
    title,
    status,
    detail: 'Usage cannot be counted at the moment. Please try again in a few seconds.',
    instance,
    'violated-policies': [],
    code,
    retryable: true,
  };
  const json = JSON.stringify(document);
  const retryAfter = `${retrySeconds}`;
  return { allowed: false, code, status, retryAfter, headers: {}, document, json, exceeded: null };
}

/** Writes a refusal out, as a page if one is wanted. */
export function writeRefusal(refusal: Refusal, asPage: boolean): UsageDenial {
  const content = asPage ? pageHeaders : problemHeaders;
  const body = asPage ? deniedPage(refusal.document) : refusal.json;
  return new Denial(refusal, headersOf(refusal, content), body);
}

const headersOf = ({ retryAfter, headers }: Refusal, content: Refusal['headers']) =>
  retryAfter === undefined
    ? { ...content, ...headers }
    : { ...content, 'Retry-After': retryAfter, ...headers };

// A class: the decision takes longer to make than the rest, and is made for those who look at it.
class Denial implements UsageDenial {
  readonly allowed = false;
  readonly code: ErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly #exceeded: Exceeded | null;

  constructor({ code, status, exceeded }: Refusal, headers: Refusal['headers'], body: string) {
    this.code = code;
    this.status = status;
    this.headers = Object.freeze(headers);
    this.body = body;
    this.#exceeded = exceeded;
    // The application sees it before it is answered, and must not make it anything else.
    Object.freeze(this);
  }

  get decision(): UsageLimitExceeded | null {
    return this.#exceeded && toExceeded(this.#exceeded);
  }
}

// Without `nosniff`: the contract shows every header, and no browser takes this type for another.
const problemHeaders = {
  'Content-Type': 'application/problem+json',
  'Cache-Control': 'no-store',
} as const;

const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  ...commonHeaders,
  'Content-Security-Policy': deniedPagePolicy,
  'Referrer-Policy': 'no-referrer',
} as const;
