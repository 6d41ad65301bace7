import { OrgUserManagerError } from '../errors/index.ts';

/** The query's fields. A field given twice is refused: which one is meant is anyone's guess. */
export function readQuery(query: URLSearchParams): object {
  const names = [...query.keys()];
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  if (repeated.length === 0) return Object.fromEntries(query);
  throw new OrgUserManagerError('invalid_input', {
    issues: [...new Set(repeated)].map((path) => ({ path, message: 'is given twice' })),
  });
}
