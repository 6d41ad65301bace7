import { ownFields } from '../access/own-fields.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import { createAtSigns } from './at-signs.ts';
import type { Extraction } from './extraction.ts';
import { Domains } from './judge/domains.ts';
import { knownTlds, type Tlds } from './judge/tlds.ts';
import { Ledger } from './ledger.ts';
import { readPlain } from './read-plain.ts';
import { readToken } from './read-token.ts';
import type { Scope } from './token.ts';

/** Options of `extractEmails`. */
export interface ExtractOptions {
  /** The top-level domains to accept. Default `'iana'`. */
  readonly tlds?: Tlds;
  /** How much of the text is read, in UTF-16 code units. Default 1,048,576. */
  readonly maxLength?: number;
  /**
   * How many different addresses are accepted before reading stops; entries of every verdict
   * together stop it at ten times as many. Default 1,000.
   */
  readonly maxAddresses?: number;
}

const defaultMaxLength = 1_048_576;
const defaultMaxAddresses = 1_000;
// Separators in the middle of a word: quoted-printable line breaks, entities, tags and colors.
const insideWord = /(?:=[\r\n]+|&[#\w]+;|<wbr |\[[\d;]+)$/i;
const maxInside = 16;

/**
 * Finds the people to invite in pasted text: an address line, a spreadsheet column, a
 * thread, HTML, a log.
 *
 * Every at sign ends up in an entry, unless it is a word of its own. An address is returned whole
 * or not at all; what is malformed is rejected with its reason. Nothing is joined across line
 * breaks and nothing like "at" and "dot" is decoded. Pure, and linear in the length of the text.
 *
 * @throws {OrgUserManagerError} `invalid_options` when the text is no string, a limit is not a positive
 * number, or `tlds` a string other than its two names.
 * @example
 * const { entries } = extractEmails('Alice <alice@example.com>; bob@example.comm');
 * // entries[0]: { verdict: 'ok', address: 'alice@example.com', display: 'Alice', … }
 * // entries[1]: { verdict: 'rejected', reason: 'unknown-tld', raw: 'bob@example.comm', … }
 */
export function extractEmails(text: string, options: ExtractOptions = {}): Extraction {
  if (typeof text !== 'string') throw invalid('text', 'must be a string');
  const given = ownFields(options, ['maxLength', 'maxAddresses', 'tlds']);
  const maxLength = positive('maxLength', given.maxLength ?? defaultMaxLength);
  const maxAddresses = positive('maxAddresses', given.maxAddresses ?? defaultMaxAddresses);
  const isCut = text.length > maxLength;
  const read = isCut ? text.slice(0, lastSeparator(text, maxLength)) : text;
  const domains = new Domains(knownTlds(given.tlds));
  const ledger = new Ledger(read, maxAddresses);
  const scope: Scope = { text: read, domains, ledger, floor: 0, mailtoEnd: -1, idsEnd: -1 };
  const next = createAtSigns(read);
  let sign = next(0);
  while (sign.at < read.length && !ledger.isFull) {
    const end = readPlain(scope, sign);
    scope.floor = end < 0 ? readToken(scope, sign) : end;
    sign = next(Math.max(scope.floor, sign.at + 1));
  }
  return ledger.finish(isCut || ledger.isFull);
}

function positive(path: string, value: number): number {
  if (value > 0) return value;
  throw invalid(path, 'must be a positive number');
}

function invalid(path: string, message: string): OrgUserManagerError {
  return new OrgUserManagerError('invalid_options', { issues: [{ path, message }] });
}

// Where text that is too long ends: behind its last separator, so that no address loses its tail.
function lastSeparator(text: string, maxLength: number): number {
  let end = maxLength;
  while (end > 0 && !isSeparated(text, end)) end--;
  return end;
}

function isSeparated(text: string, end: number): boolean {
  if (!/[\s,;]/.test(text.charAt(end - 1))) return false;
  return !insideWord.test(text.slice(Math.max(0, end - maxInside), end));
}
