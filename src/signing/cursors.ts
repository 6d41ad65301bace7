import { OrgUserManagerError } from '../errors/index.ts';
import type { ListPosition } from '../ports/list-query.ts';
import { equalMacs, secretKey } from './secret-key.ts';

/**
 * Signed page cursors: one made for another organization, another list, another filter or sort is
 * refused, and so is one that was tampered with.
 */
export interface Cursors {
  /** `scope` names what the cursor is good for, organization, filters and sort included. */
  encode(scope: readonly string[], position: ListPosition): string;
  /** Throws `invalid_cursor`. */
  decode(scope: readonly string[], cursor: string): ListPosition;
}

/** Creates the cursors of one list of secrets; the first one signs, all of them verify. */
export function createCursors(secrets: readonly [string, ...string[]]): Cursors {
  const [signing, ...older] = [secretKey(secrets[0]), ...secrets.slice(1).map(secretKey)];
  const macOf = (key: typeof signing, scope: readonly string[], [value, id]: ListPosition) =>
    key.mac('cursor/v1', [...scope, value, id]).subarray(0, 16);
  return {
    encode: (scope, position) =>
      Buffer.from(
        JSON.stringify([...position, macOf(signing, scope, position).toString('base64url')]),
      ).toString('base64url'),
    decode(scope, cursor) {
      const [position, mac] = parseCursor(cursor);
      const genuine = [signing, ...older].some((key) =>
        equalMacs(mac, macOf(key, scope, position)),
      );
      if (!genuine) throw new OrgUserManagerError('invalid_cursor', {});
      return position;
    },
  };
}

function parseCursor(cursor: string): [ListPosition, Buffer] {
  try {
    const fields: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const [value, id, mac] = Array.isArray(fields) ? fields : [];
    const isValue = typeof value === 'number' || typeof value === 'string';
    if (isValue && typeof id === 'string' && typeof mac === 'string') {
      const bytes = Buffer.from(mac, 'base64url');
      if (bytes.length === 16) return [[value, id], bytes];
    }
  } catch (cause) {
    throw new OrgUserManagerError('invalid_cursor', {}, { cause });
  }
  throw new OrgUserManagerError('invalid_cursor', {});
}
