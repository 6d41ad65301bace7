import { isOrgUserManagerError } from 'org-user-manager';

/** How a call ended: what it answered, or the error of the package that it threw. */
export type Outcome =
  | { readonly answer: unknown }
  | { readonly code: string; readonly details: unknown };

/** Any other error is a failure of the run. */
export function refusal(error: unknown): Outcome {
  if (!isOrgUserManagerError(error)) throw error;
  return { code: error.code, details: error.details };
}
