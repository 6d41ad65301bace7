import { OrgUserManagerError } from '../errors/index.ts';
import { equalMacs, secretKey } from './secret-key.ts';

/** Where the next page begins: the sort key of the last row seen. */
export type CursorPosition = readonly [at: number, id: string];

/**
 * Signed page cursors: one made for another organization, another list or another filter is refused,
 * and so is one that was tampered with.
 */
export interface Cursors {
  /** `scope` names what the cursor is good for, organization and filters included. */
  encode(scope: readonly string[], position: CursorPosition): string;
  /** Throws `invalid_cursor`. */
  decode(scope: readonly string[], cursor: string): CursorPosition;
}

/** Creates the cursors of one list of secrets; the first one signs, all of them verify. */
export function createCursors(secrets: readonly [string, ...string[]]): Cursors {
  const [signing, ...older] = [secretKey(secrets[0]), ...secrets.slice(1).map(secretKey)];
  const macOf = (key: typeof signing, scope: readonly string[], [at, id]: CursorPosition) =>
    Buffer.from(key.mac('cursor/v1', [...scope, at, id]).subarray(0, 16));
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

function parseCursor(cursor: string): [CursorPosition, Buffer] {
  try {
    const fields: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const [at, id, mac] = Array.isArray(fields) ? fields : [];
    if (typeof at === 'number' && typeof id === 'string' && typeof mac === 'string') {
      const bytes = Buffer.from(mac, 'base64url');
      if (bytes.length === 16) return [[at, id], bytes];
    }
  } catch (cause) {
    throw new OrgUserManagerError('invalid_cursor', {}, { cause });
  }
  throw new OrgUserManagerError('invalid_cursor', {});
}
