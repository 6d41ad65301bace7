import type { KeyObject } from 'node:crypto';
import { nodeCrypto } from '../system/node-crypto.ts';

/** One secret, ready for use: an id that finds it, and a keyed hash. */
export interface SecretKey {
  /** Four bytes that say which secret signed, and nothing else about it. */
  readonly id: Uint8Array;
  /** HMAC-SHA-256 (RFC 2104) over the parts, 32 bytes. */
  mac(purpose: string, parts: readonly (string | number)[]): Buffer;
  /** The same as hexadecimal digits, in half the time: bytes of one MAC are a buffer of their own. */
  macDigits(purpose: string, parts: readonly (string | number)[]): string;
}

/** Prepares a secret. The purpose separates its uses: a cursor can never pass for a link. */
export function secretKey(secret: string): SecretKey {
  let key: KeyObject | undefined;
  // Made at its first use, as all of node:crypto; a text would be turned into a key every time.
  const keyOf = () => {
    key ??= nodeCrypto().createSecretKey(secret, 'utf8');
    return key;
  };
  const macDigits = (purpose: string, parts: readonly (string | number)[]) =>
    // JSON keeps the parts apart whatever characters they hold.
    nodeCrypto()
      .createHmac('sha256', keyOf())
      .update(JSON.stringify([purpose, ...parts]))
      .digest('hex');
  const mac = (purpose: string, parts: readonly (string | number)[]) =>
    Buffer.from(macDigits(purpose, parts), 'hex');
  return { id: mac('key-id/v1', []).subarray(0, 4), mac, macDigits };
}

/** Compares two MACs of one length in a time that does not depend on where they differ. */
export function equalMacs(mac: Uint8Array, other: Uint8Array): boolean {
  return nodeCrypto().timingSafeEqual(mac, other);
}
