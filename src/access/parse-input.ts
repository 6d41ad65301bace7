import * as z from 'zod/mini';
import { type InputIssue, OrgUserManagerError } from '../errors/index.ts';
import { unknownField } from './unknown-field.ts';

/** Checks an input against its schema, or throws `invalid_input` before anything is touched. */
export function parseInput<Schema extends z.ZodMiniType>(
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  const result = z.safeParse(schema, input, fallbackMessage);
  if (!result.success) {
    throw new OrgUserManagerError('invalid_input', { issues: toIssues(result.error) });
  }
  return result.data;
}

/** The message where a schema has none. An application's settings of zod come after it; theirs may repeat the input. */
export const fallbackMessage = { error: () => 'is not valid' };

// An answer must not grow with the nonsense it answers.
const mostIssues = 20;

/** Names what is wrong and where, never the value: it may hold personal data or a secret. */
function toIssues(error: z.core.$ZodError): readonly InputIssue[] {
  return error.issues.slice(0, mostIssues).flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') return { path: path.join('.'), message: issue.message };
    return issue.keys.slice(0, mostIssues).map((key) => unknownField(key, path));
  });
}
