import { type ErrorCode, errorCatalog } from './catalog.ts';
import type { ErrorDetails } from './details.ts';

// Found on errors of every installed copy of the package, where `instanceof` would fail.
const brand = Symbol.for('org-user-manager.error');

// The guide ships in the package, so it is there offline and in the installed version.
const guide = 'org-user-manager/src/errors/README.md';

/**
 * The one error of this package: what went wrong is its `code`.
 *
 * Its text never holds a secret, a token, an address or a name.
 *
 * @example
 * try {
 *   await manager.disable({ orgId, actor, userId });
 * } catch (error) {
 *   if (isOrgUserManagerError(error, 'last_admin')) return 'Make someone else an admin first.';
 *   throw error;
 * }
 */
export class OrgUserManagerError<C extends ErrorCode = ErrorCode> extends Error {
  /** Always the same: it tells this family from other errors in logs. */
  override readonly name = 'OrgUserManagerError';
  /** Stable, for programs; see the table in the errors guide. */
  readonly code: C;
  /** The HTTP status that the handler answers with. */
  readonly status: number;
  /** Whether the same call may succeed when it is simply made again. */
  readonly isRetryable: boolean;
  /** Structured fields of this code. */
  readonly details: ErrorDetails<C>;
  /** Where the code is explained: a file of the installed package, with an anchor. */
  readonly help: string;

  constructor(code: C, details: ErrorDetails<C>, options?: ErrorOptions) {
    super(errorCatalog[code].title + explain(code, details), options);
    this.code = code;
    this.status = errorCatalog[code].status;
    this.isRetryable = Object.hasOwn(errorCatalog[code], 'isRetryable');
    this.details = details;
    this.help = `${guide}#${code}`;
    // Without a prototype: a descriptor is read with what it inherits.
    Object.defineProperty(this, brand, Object.assign(Object.create(null), { value: true }));
  }
}

/** Options, settings and names of tables are the developer's own, so they may stand in the text. */
function explain(code: ErrorCode, details: object): string {
  if (code === 'unsupported_setting') {
    const { setting, found, needed } = Object(details);
    return `: ${setting} is ${found || 'empty'}, needed: ${needed}`;
  }
  const said =
    code === 'invalid_options'
      ? listed(details, 'issues').map(({ path, message }) => `${path} ${message}`)
      : listed(details, 'tables').map(({ name }) => name);
  return said.length === 0 ? '' : `: ${said.join('; ')}`;
}

function listed(details: object, field: string) {
  const list: unknown = Reflect.get(details, field);
  return Array.isArray(list) ? list : [];
}

/**
 * Whether a caught value is an error of this package, from whichever copy of it, and, when a code
 * is given, that very one. Prefer it to `instanceof`.
 */
export function isOrgUserManagerError<C extends ErrorCode = ErrorCode>(
  error: unknown,
  code?: C,
): error is OrgUserManagerError<C> {
  try {
    return (
      error instanceof Error &&
      brand in error &&
      (code === undefined || Reflect.get(error, 'code') === code)
    );
  } catch {
    // Anything can be thrown, also a Proxy that throws when it is asked what it is.
    return false;
  }
}

/**
 * Returns an error of this package as it is. Anything else that was thrown becomes the `cause` of an
 * `internal` error. Frameworks take some values for a command (Express goes on after
 * `next(undefined)`), so mounts hand on nothing else.
 *
 * @example
 * try {
 *   verdict = await guard(request);
 * } catch (error) {
 *   return next(toOrgUserManagerError(error));
 * }
 */
export function toOrgUserManagerError(thrown: unknown): OrgUserManagerError {
  return isOrgUserManagerError(thrown) && isKnown(thrown)
    ? thrown
    : new OrgUserManagerError('internal', {}, { cause: thrown });
}

/** Another installed copy may have codes that this one cannot explain. */
function isKnown(error: OrgUserManagerError): boolean {
  try {
    return Object.hasOwn(errorCatalog, error.code);
  } catch {
    return false;
  }
}
