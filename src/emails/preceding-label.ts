import type { AddressReason } from './address-reason.ts';

// Enough for a header name, its colon, a folded line and an opening bracket.
const window = 48;

const scheme = /(?:^|[^a-z0-9+.-])(mailto|cid|mid|sips?|xmpp|im|pres):$/i;
const header =
  /(?:^|[^a-z])((?:[a-z]+-)*(?:message[-_ ]?id|content-id|references|in-reply-to))["']?\s*[:=]\s*["']?(<?)$/i;

/** Whether the URI scheme `mailto:` directly precedes `start`. */
export function isMailto(text: string, start: number, floor: number): boolean {
  return schemeBefore(text, start, floor) === 'mailto';
}

/** What the URI scheme directly before `start` says: `cid:` and `mid:` name messages. */
export function schemeFault(text: string, start: number, floor: number): AddressReason | undefined {
  const name = schemeBefore(text, start, floor);
  if (!name || name === 'mailto') return undefined;
  return name === 'cid' || name === 'mid' ? 'message-id' : 'identifier';
}

function schemeBefore(text: string, start: number, floor: number): string | undefined {
  if (text.charCodeAt(start - 1) !== 0x3a) return undefined;
  const before = text.slice(Math.max(floor, start - window), start);
  return scheme.exec(before)?.[1]?.toLowerCase();
}

/** What a header name before `start` says: message ids look like addresses. */
export function labelFault(text: string, start: number, floor: number): AddressReason | undefined {
  if (!mayFollowLabel(text, start)) return undefined;
  const before = text.slice(Math.max(floor, start - window), start);
  const [, name, bracket] = header.exec(before) ?? [];
  if (!name) return undefined;
  // A person may list plain addresses under the word "References".
  return bracket === '<' || /id$/i.test(name) ? 'message-id' : undefined;
}

// The cheap question first: most addresses follow a single space or a line break.
function mayFollowLabel(text: string, start: number): boolean {
  const last = text.charCodeAt(start - 1);
  if (last === 0x3c || last === 0x22 || last === 0x27 || last === 0x3a || last === 0x3d)
    return true;
  const beforeLast = text.charCodeAt(start - 2);
  return last === 0x20 && (beforeLast < 0x21 || beforeLast === 0x3a || beforeLast === 0x3d);
}
