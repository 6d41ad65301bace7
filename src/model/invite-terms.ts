import type { Role } from './member.ts';
import type { Units } from './usage-limit.ts';

/** What an invitation may say of the person; the organization's policy says the rest. */
export interface InviteTerms {
  /** What they become. Default: the policy's role, which is `member` unless it was set. */
  readonly role?: Role | undefined;
  /** What they may consume, in units. Default, for each of the two: the policy's limit. */
  readonly limit?:
    | { readonly daily?: Units | undefined; readonly monthly?: Units | undefined }
    | undefined;
  /** Their name, until their account says another one. 1 to 200 characters. */
  readonly name?: string | undefined;
  /** Their phone number in E.164 form, such as `+14155550123`. */
  readonly phone?: string | undefined;
}
