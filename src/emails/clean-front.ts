import type { AddressReason, ReviewReason } from './address-reason.ts';
import { foldWidth, isAscii } from './ascii.ts';
import type { Candidate, Scope } from './candidate.ts';
import { asciiKind, kind } from './characters.ts';
import type { Domains } from './domains.ts';
import { isInMailto } from './preceding-label.ts';
import { withoutInvisible } from './read-candidate.ts';
import { commandLength, isBehindCommand, mayOpenCommand } from './terminal-command.ts';
import { unspacedScripts } from './unspaced-scripts.ts';
import { escapeBehind } from './written-character.ts';

/** The local part without what only stood in front of it. */
export interface CleanFront {
  /** Where the local part starts in the text. */
  readonly start: number;
  /** Present when it was cut out of running text. */
  readonly review?: ReviewReason;
  /** Present when the run cannot be an address, whatever the judge would say. */
  readonly reason?: AddressReason;
}

const rewritten = /(?:^|[^a-z0-9])(?:srs[01][=+-]|(?:ms)?prvs\d?=|btv1=)/i;
// What Exchange makes of addresses that are no mail addresses.
const encapsulated = /^IMCEA[A-Z0-9]+-/i;
const key = /^-{0,2}[a-z_][\w.-]*(?:=[\w.-]+)*$/i;
const addressKey =
  /(?:(?:mail|user|contact|owner|author|sender|recipient|admin|member|guest|addr|address|account|assignee|invitee|maintainer|manager|reporter)s?|to|cc|from|login|name|id|cn|upn)$|^[a-z]$/i;
const variable = /^[A-Z][A-Z_]+$/;
// What lists put in front of the address that a bounce is about.
const bounceKey = /(?:bounce|return|news|list)\w*-(?!path)|\d-/i;
const domainLike = /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/i;
const leading = /[!#$%&'*=^`~\p{Cf}]/u;
const leadingRun = /^[!#$%&'*=^`~]+/;
// Letters beyond ASCII in UTF-8, and `+`, `-`, `.` and `_`, as quoted-printable mail spells them.
const printableLetter = /=(?:[C-F][0-9A-F]=[89AB][0-9A-F]|2[BDE]|5F)/;
// A letter beyond ASCII in Western mail: `Gr=FC=DFe`, `M=FCller`.
const westernLetters = /=[C-F][0-9A-F]=[C-F][0-9A-F]/;
const westernLetter = /^[C-F][0-9A-F](?:[a-z.]|$)/;
const otherEscape = /^%[2-7][0-9a-f]/i;
// Archives of mailing lists have a page for each mail; those that Gmail sends are easy to tell.
const archive = /^\/\/(?:lore\.[^?#]*\/|[^?#]*\/(?:(?:message|msg)-?id|mid)\/(?:[^?#]*\/)?)$/i;
const page = /^\/\/[^?#]*\/$/;
const gmailId = /^CA[\w+-]*=/;
const escapedLetter = /^%[c-f][0-9a-f]%[89ab][0-9a-f]/i;
const hexEscape = /^[%=](?:0[9ad]|2[027-9c]|3[a-e]|5b)/i;
const hostBefore = /\/\/[^\s/?#@:]+:$/;
const escapedSeparator = /^%(?:0[9ad]|22|2c|3[bce]|5b)/i;
// A few digits number a name in any script; many are an account of their own.
const startsName = /^(?:[a-z]|\d{5})/i;
// `１．ana@example.com`: nobody changes the width inside a name.
const wideNumber = /^[\uFF10-\uFF19]+\uFF0E(?=[a-z])/i;
const maxId = 64;
const endsUnspaced = new RegExp(`[${unspacedScripts}]$`, 'u');

/** Drops keys, paths, wrappers and escapes from the front of a local-part run. */
export function cleanFront(scope: Scope, candidate: Candidate): CleanFront {
  const { text } = scope;
  const run = text.slice(candidate.start, candidate.at);
  if (encapsulated.test(run)) return { start: candidate.start, reason: 'identifier' };
  const escaped = escapeLength(scope, candidate.start);
  if (escaped === 0 && isQuiet(run)) return { start: candidate.start };
  if (escaped > 0 && isBehindCommand(scope, candidate.start, escaped)) {
    return { start: candidate.start, reason: 'entity-encoded' };
  }
  if (/^\.+$/.test(run)) return { start: candidate.start, reason: 'handle' };
  if (rewritten.test(run)) return { start: candidate.start, reason: 'srs' };
  const change = scriptChange(text, candidate);
  const from = Math.min(change ?? candidate.start + escaped, candidate.at);
  const front = cleanRun(scope, from, candidate);
  return change === undefined ? front : { review: 'script-change', ...front };
}

function cleanRun(scope: Scope, from: number, candidate: Candidate): CleanFront {
  const { text } = scope;
  const path = lastPathCharacter(text, from, candidate.at);
  // `{name}.suffix@`: a template, of which the suffix is no address.
  if (text.charAt(path) === '}') return { start: from, reason: 'bad-char' };
  if (isPathId(text, from, path)) return { start: from, reason: 'message-id' };
  // `jos\uFFFD?s@`: letters that an encoding lost.
  if (/[\p{L}\p{N}]\uFFFD\?/u.test(text.slice(from, path + 1))) {
    return { start: from, reason: 'bad-char' };
  }
  const start = escapedEnd(scope, Math.max(from, path + 1), candidate);
  const run = text.slice(start, candidate.at);
  if (text.charAt(path) === '/' && path >= from && isRealm(scope, run, candidate)) {
    return { start: from, reason: 'identifier' };
  }
  if (printableLetter.test(run) || westernLetters.test(run)) {
    return { start: from, reason: 'entity-encoded' };
  }
  const value = skipKey(run, scope.domains);
  if (value < 0) return { start, reason: 'verp' };
  if (value > 0 && isWesternLetter(run, value)) return { start: from, reason: 'entity-encoded' };
  // Nobody writes a key inside the brackets; the id of a mail may hold an equals sign.
  if (value > 0 && text.charAt(start - 1) === '<') return { start, reason: 'message-id' };
  return cleanWrappers(text, start + value, candidate);
}

// `<team/app/pull/7/c1@host>`: forges number their mails so. A page may stand in brackets, too.
function isPathId(text: string, start: number, path: number): boolean {
  const front = text.slice(start, path + 1);
  if (archive.test(front)) return true;
  if (page.test(front) && gmailId.test(text.slice(path + 1, path + 1 + maxId))) return true;
  if (text.charAt(start - 1) !== '<' || text.charAt(path) !== '/') return false;
  const [first = ''] = text.slice(start, path).split('/', 1);
  return text.charAt(start) !== '/' && !first.includes('.');
}

// `HTTP/web.example.com@EXAMPLE.COM`: a service of Kerberos on a host of its realm.
function isRealm({ text }: Scope, run: string, { domainStart, end }: Candidate): boolean {
  const domain = text.slice(domainStart, end);
  return domain.includes('.') && `.${run}`.toLowerCase().endsWith(`.${domain}`.toLowerCase());
}

// Letters, digits and inner joiners only: nothing to clean.
function isQuiet(run: string): boolean {
  for (let index = 0; index < run.length; index++) {
    const code = run.charCodeAt(index);
    if (code > 127 || asciiKind(code) === kind.loud) return false;
  }
  return asciiKind(run.charCodeAt(0)) === kind.word;
}

// `\n`, `\t` or `\u003c` in front, as JSON and source code write them, and a terminal's colors.
function escapeLength(scope: Scope, start: number): number {
  const { text } = scope;
  if (mayOpenCommand(text.charCodeAt(start - 1))) return commandLength(scope, start);
  if (text.charCodeAt(start - 1) !== 0x5c) return 0;
  const next = text.slice(start, start + 5);
  return escapeBehind(text.slice(Math.max(0, start - 7), start), next)?.length ?? 0;
}

// Behind the last separator as URLs escape it: `%3C`, `%2C`.
function escapedEnd(scope: Scope, start: number, candidate: Candidate): number {
  const { text } = scope;
  const isQuery = text.charAt(start - 1) === '?';
  for (let index = candidate.at - 3; index >= start; index--) {
    if (text.charCodeAt(index) !== 0x25) continue;
    const written = text.slice(index, index + 3);
    if (escapedSeparator.test(written)) return index + 3;
    // Outside of links, it may be a literal `%20`.
    if (written === '%20' && (isQuery || isInMailto(scope, candidate.start))) return index + 3;
  }
  return start;
}

function lastPathCharacter(text: string, start: number, at: number): number {
  let index = at - 1;
  // Behind the host of a URL, and behind its port, `#` starts the last part.
  const isHost =
    text.startsWith('//', start) || hostBefore.test(text.slice(Math.max(0, start - 64), start));
  const ends = isHost ? /[/|?{}#]/ : /[/|?{}]/;
  while (index >= start && !ends.test(text.charAt(index))) index--;
  return index;
}

// The length of `key=` in front; -1 when what follows is the other address of a bounce.
function skipKey(run: string, domains: Domains): number {
  const equals = run.lastIndexOf('=');
  if (equals <= 0) return 0;
  const keyStart = run.lastIndexOf('&', equals) + 1;
  const name = withoutInvisible(run.slice(keyStart, equals))
    .replace(leadingRun, '')
    .replace(/=+$/, '');
  if (isOtherAddress(name, run.slice(equals + 1), domains)) return -1;
  if (!key.test(name)) return keyStart;
  // Quoted-printable spells the equals sign of a key as `=3D`.
  return equals + (run.startsWith('3D', equals + 1) ? 3 : 1);
}

function isWesternLetter(run: string, value: number): boolean {
  const name = run.slice(0, value - 1);
  const isKey = name.length > 1 && (addressKey.test(name) || variable.test(name));
  return !isKey && westernLetter.test(run.slice(value));
}

// `petr=example.org@` holds another address, `cn=petr.novak@` does not: nothing ends in `.novak`.
function isOtherAddress(name: string, value: string, domains: Domains): boolean {
  if (!domainLike.test(value)) return false;
  const isKey = addressKey.test(name) || variable.test(name);
  const isDelegated = domains.hasTld(value.slice(value.lastIndexOf('.') + 1));
  return isDelegated ? !isKey || /bounce/i.test(name) : !isKey && bounceKey.test(name);
}

function cleanWrappers(text: string, from: number, candidate: Candidate): CleanFront {
  const { at, end } = candidate;
  let start = leadingEnd(text, from, at);
  const run = text.slice(start, at);
  if (isTemplate(run, text.charAt(start - 1))) return { start: from, reason: 'bad-char' };
  if (otherEscape.test(text.slice(start, start + 3))) {
    return { start: from, reason: 'entity-encoded' };
  }
  const tail = text.slice(end - 2, end + 3);
  if (text.slice(from, start).includes('**') && !tail.includes('*')) {
    return { start: from, reason: 'masked' };
  }
  if (run.endsWith("'") || run.endsWith('`')) return { start: from, reason: 'bad-char' };
  // `N'ana@…'` in SQL and `u'ana@…'` in Python: the letter says what kind of text it quotes.
  if (/^[befnru]'/i.test(run) && start === from && text.charAt(end) === "'") {
    return { start: start + 2 };
  }
  const paired = /^_+/.exec(run)?.[0] ?? '';
  if (paired !== '' && tail.includes(paired.slice(0, 2))) {
    start = leadingEnd(text, start + paired.length, at);
  }
  return /[-+\uFF0B\uFF0D]/.test(text.charAt(start))
    ? { start, review: 'leading-sign' }
    : { start };
}

// `%s@`, `$USER@` and `[a-z]+@`: something to fill in or to look for, not a name.
function isTemplate(run: string, before: string): boolean {
  if (before === '%') return run.length === 1;
  if (before === '$') return variable.test(run);
  return /[\])]/.test(before) && /^[+._-]+$/.test(run);
}

function leadingEnd(text: string, from: number, at: number): number {
  let start = from;
  while (start < at && leading.test(text.charAt(start))) {
    if (escapedLetter.test(text.slice(start, start + 6))) break;
    const isSeparator = hexEscape.test(text.slice(start, start + 3));
    if (!isSeparator && otherEscape.test(text.slice(start, start + 3))) break;
    start += isSeparator ? 3 : 1;
  }
  return Math.min(start, at);
}

// Where ASCII starts behind text in a script that puts no spaces between words.
function scriptChange(text: string, candidate: Candidate): number | undefined {
  const run = text.slice(candidate.start, candidate.at);
  if (isAscii(run)) return undefined;
  const numbered = wideNumber.exec(run)?.[0];
  if (numbered !== undefined) return candidate.start + numbered.length;
  const tail = /[\x21-\x7E\uFF01-\uFF5E\p{Cf}]*$/u.exec(run)?.[0] ?? '';
  const before = run.slice(0, run.length - tail.length).slice(-2);
  const isChange = endsUnspaced.test(before) && startsName.test(foldWidth(withoutInvisible(tail)));
  return isChange && hasAsciiDomain(text, candidate) ? candidate.at - tail.length : undefined;
}

// Beside an internationalized domain, a local part in that script is nothing unusual.
function hasAsciiDomain(text: string, { domainStart, end }: Candidate): boolean {
  const domain = foldWidth(withoutInvisible(text.slice(domainStart, end)));
  return /^(?!.*xn--)[a-z0-9-]+[.\u3002\uFF61]/i.test(domain);
}
