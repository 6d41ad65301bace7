import type { MaybePromise } from '../ports/maybe-promise.ts';
import { andThen, fromOutside, orElse } from '../system/maybe-promise.ts';
import type { DenialAnswer, UsageDenial, UsageGuardOptions } from './guard-options.ts';
import { type Refusal, writeRefusal } from './refusal.ts';
import { wantsHtml } from './wants-html.ts';

/** Makes a refusal the answer to a request, after the host has had a look at it. */
export type TellDenial<Subject> = (refusal: Refusal, subject: Subject) => MaybePromise<UsageDenial>;

/** What `createTellDenial()` takes. */
export interface DenialListeners<Subject> extends Pick<UsageGuardOptions<Subject>, 'onDenied'> {
  /** Told of what `onDenied` throws. */
  readonly onError: (error: unknown) => void;
}

/** Creates what answers refusals: a page for browsers, and whatever `onDenied` makes of it. */
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

function change(answer: DenialAnswer | undefined, denial: UsageDenial): UsageDenial {
  if (!answer) return denial;
  const { allowed, code, decision } = denial;
  const { status = denial.status, body = denial.body } = answer;
  const headers = mergeHeaders(denial.headers, answer.headers ?? {});
  return { allowed, code, decision, status, body, headers };
}

/** One header of each name, however it is spelled. */
function mergeHeaders(
  headers: UsageDenial['headers'],
  changed: UsageDenial['headers'],
): UsageDenial['headers'] {
  const names = new Set(Object.keys(changed).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...changed };
}
