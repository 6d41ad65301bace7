import type { AddressReason } from './address-reason.ts';
import type { Scope } from './candidate.ts';

// Enough for a header name, its colon, a folded line and an opening bracket.
const window = 48;

const scheme = /(?:^|[^a-z0-9+.-])(mailto|message|cid|mid|news|nntp|sips?|xmpp|im|pres):$/i;
const header =
  /(?:^|[^a-z])((?:[a-z]+-)*(?:(?:internet[-_ ]?)?(?:message|msg)[-_ ]?id|(?:content|attachment)-id|references|in-reply-to|tnef-correlator))["']?\s*[:=]\s*["']?(<|(?:<\/?[a-z]+>\s*)*&lt;|)$/i;
// Without a colon, in front of a bracket: a row of a table that mail providers show, and how mailers quote.
const bareLabel =
  /(?:^|[^a-z-])(?:(?:message|msg)[-_ ]id\s+|in (?:message|article) )(?:<|&lt;)$|(?:^|[\s(,;])id\s*[:=]\s*<$/i;
// Exim logs the id of a mail behind fields that are named with capitals.
const loggedField = /\s[A-Z]{1,2}=\S+ $/;

// RFC 5545; in LDAP, `uid=` names a person.
const eventId = /(?:^|[\r\n])(?:UID|RELATED-TO)(?:;[^:\r\n]*)?:$/;

/** Whether `start` is inside a `mailto:` link: only there (RFC 6068) is `%2B` a plus. */
export function isInMailto(scope: Scope, start: number): boolean {
  const { text, floor, mailtoEnd } = scope;
  if (schemeBefore(text, start, floor) === 'mailto') return true;
  return mailtoEnd === floor && !/[\s"<>]/.test(text.slice(floor, start));
}

/** What the URI scheme directly before `start` says: `cid:` and `mid:` name messages. */
export function schemeFault(text: string, start: number, floor: number): AddressReason | undefined {
  const name = schemeBefore(text, start, floor);
  // Apple's mail program links a mail so.
  if (name === 'message')
    return /^%3c/i.test(text.slice(start, start + 3)) ? 'message-id' : undefined;
  if (!name || name === 'mailto') return undefined;
  return /^(?:[cm]id|news|nntp)$/.test(name) ? 'message-id' : 'identifier';
}

function schemeBefore(text: string, start: number, floor: number): string | undefined {
  if (text.charCodeAt(start - 1) !== 0x3a) return undefined;
  const before = text.slice(Math.max(floor, start - window), start);
  return scheme.exec(before)?.[1]?.toLowerCase();
}

/** What a header name before `start` says: message ids look like addresses. */
export function labelFault(text: string, start: number, floor: number): AddressReason | undefined {
  const isLogged = text.startsWith('id=', start);
  const isBracket = /[<;]/.test(text.charAt(start - 1));
  if (!isLogged && !isBracket && !mayFollowLabel(text, start, floor)) return undefined;
  const before = text.slice(Math.max(floor, start - window), start);
  if (isLogged) return loggedField.test(before) ? 'message-id' : undefined;
  if (isBracket && bareLabel.test(before)) return 'message-id';
  if (eventId.test(before)) return 'identifier';
  const [, name, bracket] = header.exec(before) ?? [];
  if (!name) return undefined;
  // A person may list plain addresses under the word "References".
  return bracket !== '' || /id$/i.test(name) ? 'message-id' : undefined;
}

// The cheap question first: is there a colon or an equals sign behind blanks, quotes and `<`?
function mayFollowLabel(text: string, start: number, floor: number): boolean {
  const lowest = Math.max(floor, start - window);
  let index = start - 1;
  if (text.charCodeAt(index) === 0x3b && text.startsWith('&lt', index - 3)) index -= 4;
  while (index >= lowest && isPadding(text.charCodeAt(index))) index--;
  const code = index < lowest ? 0 : text.charCodeAt(index);
  return code === 0x3a || code === 0x3d || code === 0x3e;
}

function isPadding(code: number): boolean {
  return code < 0x21 || code === 0x22 || code === 0x27 || code === 0x3c || code === 0xa0;
}
