import type { Invitation } from '../model/invitation.ts';
import { equalMacs, type SecretKey, secretKey } from './secret-key.ts';

// A fixed prefix lets secret scanners recognise a leaked link.
const tokenPrefix = 'oum_';
const idBytes = 16;
const macBytes = 32;
// 52 bytes leave four bits of the last character unused; they must be 0, so that a token has one
// spelling.
const tokenPattern = /^oum_[A-Za-z0-9_-]{69}[AQgw]$/;

/** The fields of an invitation that its link proves. */
export type LinkedInvitation = Pick<Invitation, 'id' | 'orgId' | 'address' | 'generation'>;

/** A token that has the right form; whether it is genuine shows in `proves`. */
export interface ParsedToken {
  /** Finds the invitation, if there is one. */
  readonly invitationId: string;
  /**
   * Whether the token was made for this very invitation. Give `undefined` when there is no such row:
   * it takes as long, so that the time tells nothing.
   */
  proves(invitation: LinkedInvitation | undefined): boolean;
}

/**
 * Invite links are derived from the secret and never stored: the table can show them again at any
 * time, and a copy of the database cannot make one.
 *
 * Token: prefix, then base64url of 4 bytes key id, 16 bytes invitation id, 32 bytes HMAC-SHA-256.
 */
export interface InviteLinks {
  /** The link that works for the invitation as it stands. */
  linkTo(invitation: LinkedInvitation): string;
  /** Reads a token; `undefined` when it cannot be one. */
  parseToken(token: string): ParsedToken | undefined;
}

function linkMac(key: SecretKey, invitation: LinkedInvitation): string {
  const { id, orgId, address, generation } = invitation;
  return key.macDigits('invite/v1', [id, orgId, address, generation]);
}

const toUuid = (hex: string) => hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

const nobody: LinkedInvitation = { id: '', orgId: '', address: '', generation: 0 };

/** Creates the links of one list of secrets; the first one signs, all of them verify. */
export function createInviteLinks(
  secrets: readonly [string, ...string[]],
  joinUrl: string,
): InviteLinks {
  const [first, ...older] = secrets;
  const signing = secretKey(first);
  const keys = [signing, ...older.map(secretKey)];
  const keyDigits = Buffer.from(signing.id).toString('hex');
  return {
    linkTo(invitation) {
      const digits = keyDigits + invitation.id.replaceAll('-', '') + linkMac(signing, invitation);
      const token = Buffer.from(digits, 'hex').toString('base64url');
      // A fragment stays out of server logs, Referer headers and link scanners.
      return `${joinUrl}#token=${tokenPrefix}${token}`;
    },
    parseToken(token) {
      if (!tokenPattern.test(token)) return undefined;
      const bytes = Buffer.from(token.slice(tokenPrefix.length), 'base64url');
      const mac = bytes.subarray(-macBytes);
      const key = keys.find(({ id }) => bytes.subarray(0, id.length).equals(id));
      return {
        invitationId: toUuid(bytes.subarray(-macBytes - idBytes, -macBytes).toString('hex')),
        proves(invitation) {
          const own = Buffer.from(linkMac(key ?? signing, invitation ?? nobody), 'hex');
          const equal = equalMacs(mac, own);
          return equal && key !== undefined && invitation !== undefined;
        },
      };
    },
  };
}
