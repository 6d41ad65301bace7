import type { AddressReason } from './address-reason.ts';
import { isAscii } from './ascii.ts';
import { asciiKind } from './characters.ts';

// RFC 5321: octets of UTF-8 (RFC 6531), not characters.
const maxLocalPart = 64;
const dot = 46;

// Nearly every local part; what follows is for telling what is wrong with the others.
const ordinary = /^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*$/i;
const wideLocalPart = /^[\p{L}\p{N}\x21-\x7E][\p{L}\p{M}\p{N}\x21-\x7E]*$/u;
const ignorable = /\p{Default_Ignorable_Code_Point}/u;
const masked = /\*\*|\*$/;

/** What is wrong with a local part in NFC; nothing when it is a dot-atom (RFC 5322, RFC 6531). */
export function localPartFault(localPart: string): AddressReason | undefined {
  if (localPart.length <= maxLocalPart && ordinary.test(localPart)) return undefined;
  if (localPart === '') return 'handle';
  if (localPart.charCodeAt(0) === 34) return 'quoted-local';
  const fault = characterFault(localPart);
  if (fault) return fault;
  if (localPart.charCodeAt(0) === dot) return 'leading-dot';
  if (localPart.charCodeAt(localPart.length - 1) === dot) return 'trailing-dot';
  // No character takes more than three octets per code unit: short ones need no counting.
  if (localPart.length * 3 > maxLocalPart && octets(localPart) > maxLocalPart) {
    return 'local-too-long';
  }
  return localPart.includes('*') && masked.test(localPart) ? 'masked' : undefined;
}

function characterFault(localPart: string): AddressReason | undefined {
  let wide = false;
  let doubleDot = false;
  for (let index = 0; index < localPart.length; index++) {
    const code = localPart.charCodeAt(index);
    if (code > 127) wide = true;
    else if (asciiKind(code) === 0) return 'bad-char';
    else if (code === dot && localPart.charCodeAt(index + 1) === dot) doubleDot = true;
  }
  if (wide && (!wideLocalPart.test(localPart) || ignorable.test(localPart))) return 'bad-char';
  return doubleDot ? 'double-dot' : undefined;
}

/** The length in UTF-8. */
export function octets(text: string): number {
  return isAscii(text) ? text.length : new TextEncoder().encode(text).length;
}
