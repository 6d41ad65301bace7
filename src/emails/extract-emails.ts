import { ownFields } from '../access/own-fields.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import { AtSigns } from './at-signs.ts';
import type { Scope } from './candidate.ts';
import { Domains } from './domains.ts';
import type { ExtractOptions } from './extract-options.ts';
import type { Extraction } from './extraction.ts';
import { Ledger } from './ledger.ts';
import { PlainReader } from './plain-reader.ts';
import { readAddress } from './read-address.ts';
import { knownTlds } from './tlds.ts';

const defaultMaxLength = 1_048_576;
const defaultMaxAddresses = 1_000;
// Separators in the middle of what a word may go on behind: quoted-printable line breaks, entities, tags
// and colors.
const insideWord = /(?:=[\r\n]+|&[#\w]+;|<wbr |\[[\d;]+)$/i;
const longestInside = 16;

/**
 * Finds the people to invite in whatever was pasted: an address line, a spreadsheet column, a
 * thread, HTML, a log.
 *
 * Every at sign ends up in an entry, unless it is a word of its own. An address is returned whole
 * or not at all; what is malformed is rejected with its reason. Nothing is joined across line
 * breaks and nothing like "at" and "dot" is decoded. Pure, and linear in the length of the text.
 *
 * @throws {OrgUserManagerError} `invalid_options` when a limit is not a positive number, or `tlds`
 * a string other than its two names.
 * @example
 * const { entries } = extractEmails('Alice <alice@example.com>; bob@example.comm');
 * // entries[0]: { verdict: 'ok', address: 'alice@example.com', display: 'Alice', … }
 * // entries[1]: { verdict: 'rejected', reason: 'unknown-tld', raw: 'bob@example.comm', … }
 */
export function extractEmails(text: string, options: ExtractOptions = {}): Extraction {
  const given = ownFields(options, ['maxLength', 'maxAddresses', 'tlds']);
  const maxLength = positive('maxLength', given.maxLength ?? defaultMaxLength);
  const maxAddresses = positive('maxAddresses', given.maxAddresses ?? defaultMaxAddresses);
  const isCut = text.length > maxLength;
  const read = isCut ? text.slice(0, lastSeparator(text, maxLength)) : text;
  const domains = new Domains(knownTlds(given.tlds));
  const ledger = new Ledger(read, maxAddresses);
  const signs = new AtSigns(read);
  let at = signs.next(0);
  // What reading takes is set up for a text with something to read.
  if (at === read.length) return ledger.finish(isCut);
  const scope: Scope = { text: read, domains, floor: 0, mailtoEnd: -1, messageIdEnd: -1 };
  const plain = new PlainReader(scope, ledger);
  while (at < read.length && !ledger.isFull) {
    const end = plain.read(at);
    scope.floor = end < 0 ? readAddress(scope, ledger, at) : end;
    at = signs.next(Math.max(scope.floor, at + 1));
  }
  return ledger.finish(isCut || ledger.isFull);
}

function positive(path: string, value: number): number {
  if (value > 0) return value;
  const message = 'must be a positive number';
  throw new OrgUserManagerError('invalid_options', { issues: [{ path, message }] });
}

// Where text that is too long ends: behind its last separator, so that no address loses its tail.
function lastSeparator(text: string, maxLength: number): number {
  let end = maxLength;
  while (end > 0 && !isSeparated(text, end)) end--;
  return end;
}

function isSeparated(text: string, end: number): boolean {
  if (!/[\s,;]/.test(text.charAt(end - 1))) return false;
  return !insideWord.test(text.slice(Math.max(0, end - longestInside), end));
}
