import type { Actor } from '../model/actor.ts';

/** What every call about one member takes. */
export interface MemberInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  /** The member the call is about. */
  readonly userId: string;
}
