import type { InputIssue } from '../errors/index.ts';

/**
 * Says that a field is not known. What cannot be the name of a field may be an address or a secret,
 * and is not repeated.
 */
export function unknownField(name: string, parents: readonly string[] = []): InputIssue {
  if (/^[A-Za-z_]\w{0,63}$/.test(name)) {
    return { path: [...parents, name].join('.'), message: 'is not known' };
  }
  return { path: parents.join('.'), message: 'has a field that is not known' };
}
