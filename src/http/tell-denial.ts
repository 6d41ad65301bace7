import { ownFields } from '../access/own-fields.ts';
import { unknownField } from '../access/unknown-field.ts';
import { type InputIssue, OrgUserManagerError } from '../errors/index.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import { andThen, fromOutside, orElse } from '../system/maybe-promise.ts';
import type { DenialAnswer, UsageDenial, UsageGuardOptions } from './guard-options.ts';
import { type Refusal, writeRefusal } from './refusal.ts';
import { wantsHtml } from './wants-html.ts';

/** Makes a refusal the answer to a request, after the application has seen it. */
export type TellDenial<Subject> = (refusal: Refusal, subject: Subject) => MaybePromise<UsageDenial>;

/** What `createTellDenial()` takes. */
export interface DenialListeners<Subject> extends Pick<UsageGuardOptions<Subject>, 'onDenied'> {
  /** Receives what `onDenied` throws. */
  readonly onError: (error: unknown) => void;
}

/** Creates what answers refusals: a page for browsers, and what `onDenied` makes of it. */
export function createTellDenial<Subject>({
  onDenied,
  onError,
}: DenialListeners<Subject>): TellDenial<Subject> {
  return (refusal, subject) => {
    const denial = writeRefusal(refusal, wantsHtml(subject));
    if (!onDenied) return denial;
    return orElse(
      () => andThen(fromOutside(onDenied(denial, subject)), change, denial),
      (error) => {
        onError(error);
        return denial;
      },
      undefined,
    );
  };
}

const isStatus = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 599;

// What both fetch and Node take (RFC 9110, section 5).
const isHeader = ([name, value]: readonly [string, unknown]): boolean =>
  /^[!#$%&'*+.^_`|~\w-]+$/.test(name) &&
  typeof value === 'string' &&
  /^[\t -~\x80-\xff]*$/.test(value);

// Lists and `Headers` have no own fields with the names of headers: they would be lost silently.
const isHeaders = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  value !== null &&
  !(Symbol.iterator in value) &&
  Object.entries(value).every(isHeader);

const isBody = (value: unknown): value is string | null =>
  value === null || typeof value === 'string';

// A `Response` and objects of classes have no fields of their own: their status would be lost silently.
function isPlain(answer: object): boolean {
  const prototype = Object.getPrototypeOf(answer);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

type Given = { readonly [Field in keyof UsageDenial]?: unknown };

// Those of the denial may stand in a copy of it, and change nothing.
const known = ['status', 'headers', 'body', 'allowed', 'code', 'decision'] as const;
const isKnown = (name: string) => known.some((field) => field === name);

/** Changes the answer. Throws `invalid_options` for what is no change of an answer. */
function change(answer: DenialAnswer | null | undefined, denial: UsageDenial): UsageDenial {
  if (answer === null || answer === undefined || answer === denial) return denial;
  if (typeof answer !== 'object' || !isPlain(answer))
    throw brokenAnswer('', 'must be a plain object, or nothing');
  const given = ownFields<Given>(answer, known);
  const [unknown] = Object.keys(given).filter((name) => !isKnown(name));
  if (unknown !== undefined) throw broken(unknownField(unknown, ['onDenied()']));
  const { body = denial.body } = given;
  const status = given.status ?? denial.status;
  const headers = given.headers ?? {};
  if (!isStatus(status)) throw brokenAnswer('.status', 'must be an integer from 400 to 599');
  if (!isHeaders(headers))
    throw brokenAnswer('.headers', 'must be a plain object of header names and strings');
  if (!isBody(body)) throw brokenAnswer('.body', 'must be a string or null');
  const { allowed, code, decision } = denial;
  const merged = mergeHeaders(denial.headers, headers);
  return Object.freeze({ allowed, code, decision, status, body, headers: merged });
}

const brokenAnswer = (field: string, message: string) =>
  broken({ path: `onDenied()${field}`, message });

const broken = (issue: InputIssue) =>
  new OrgUserManagerError('invalid_options', { issues: [issue] });

/** One header of each name, however it is spelled. */
function mergeHeaders(
  headers: UsageDenial['headers'],
  changed: UsageDenial['headers'],
): UsageDenial['headers'] {
  const names = new Set(Object.keys(changed).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()));
  return Object.freeze({ ...Object.fromEntries(kept), ...changed });
}
