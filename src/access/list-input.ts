import type { Actor } from '../model/actor.ts';

/** What every list call takes. */
export interface ListInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  /** Only rows that hold this text in what names them, letter case ignored. */
  readonly search?: string | undefined;
  /** Most items of the page, 1 to 200. Default: 50. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}
