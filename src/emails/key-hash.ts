/** Adds a code unit to a hash; see `hashKey`. */
export function hashStep(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

/** Joins the hash of a local part, read from its end to its start, with that of its domain. */
export function joinHashes(localPart: number, domain: number): number {
  return Math.imul(localPart, 0x01000193) ^ domain;
}

/** The hash of a key. */
export function hashKey(key: string): number {
  const at = key.lastIndexOf('@');
  let localPart = 0;
  for (let index = at - 1; index >= 0; index--) {
    localPart = hashStep(localPart, key.charCodeAt(index));
  }
  return joinHashes(localPart, hashDomain(key, at + 1));
}

/** The hash of the domain that starts at `from`, for `joinHashes`. */
export function hashDomain(text: string, from: number): number {
  let hash = 0;
  for (let index = from; index < text.length; index++) {
    hash = hashStep(hash, text.charCodeAt(index));
  }
  return hash;
}
