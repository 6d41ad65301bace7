import { OrgUserManagerError } from '../../errors/index.ts';
import { toAsciiDomain } from './idna.ts';
import { tldList } from './tld-list.ts';

/**
 * Which top-level domains an address may end in.
 *
 * - `'iana'` (the default everywhere): the delegated ones, from the dated list in this package.
 * - `'any'`: whatever looks like one: two letters or more, or an `xn--` label.
 * - an iterable of labels: exactly these, with or without a leading dot, in either IDN form.
 *   A `Set` is used as it stands, without a copy: fill it with lower-case A-labels.
 *
 * @example
 * extractEmails(text, { tlds: new Set([...ianaTlds(), 'internal']) });
 */
export type Tlds = 'iana' | 'any' | Iterable<string>;

/** Answers whether a lower-case A-label may end a domain. */
export interface KnownTlds {
  has(label: string): boolean;
}

const anyTld: KnownTlds = { has: (label) => /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/.test(label) };

// Built on first use: importing the package must not cost the splitting of 10 kB.
let iana: ReadonlySet<string> | undefined;

/** The delegated top-level domains of the list in this package, as lower-case A-labels. */
export function ianaTlds(): ReadonlySet<string> {
  iana ??= new Set(tldList.split(' '));
  return iana;
}

/**
 * Makes a policy answerable.
 *
 * @throws {OrgUserManagerError} `invalid_options` for a string other than the two names.
 */
export function knownTlds(tlds: Tlds = 'iana'): KnownTlds {
  if (tlds === 'iana') return ianaTlds();
  if (tlds === 'any') return anyTld;
  if (tlds instanceof Set) return tlds;
  if (typeof tlds === 'string') {
    const message = "must be 'iana', 'any' or an iterable of labels";
    throw new OrgUserManagerError('invalid_options', { issues: [{ path: 'tlds', message }] });
  }
  const labels = Array.from(tlds, (label) => toAsciiDomain(label.replace(/^\./, '')));
  return new Set(labels.filter((label) => label !== undefined));
}
