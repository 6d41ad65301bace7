import * as z from 'zod/mini';
import { toIssues } from '../access/parse-input.ts';
import { OrgUserManagerError } from '../errors/index.ts';

const identify = z.custom<object>(
  (value) => typeof value === 'function',
  'must be a function from the request to the signed-in identity or null',
);

/** Checks options of which `identify` is always one. Throws `invalid_options`. */
export function checkOptions(options: unknown, others: Record<string, z.ZodMiniType>): void {
  const schema = z.strictObject({ identify, ...others }, 'must be an object with identify');
  const { error } = z.safeParse(schema, options);
  if (error) throw new OrgUserManagerError('invalid_options', { issues: toIssues(error) });
}
