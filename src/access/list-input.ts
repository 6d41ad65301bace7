import type { Actor } from '../model/actor.ts';
import type { Role } from '../model/member.ts';

/** What every list call takes. */
export interface ListInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  /** Only rows that hold this text in what names them, letter case ignored. */
  readonly search?: string | undefined;
  /** Only this role. Default: `all`. */
  readonly role?: Role | 'all' | undefined;
  /** Which way the list is sorted. */
  readonly order?: 'asc' | 'desc' | undefined;
  /** Most items of the page, 1 to 200. Default: 50. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before, which had the same filters, sort and order. */
  readonly cursor?: string | undefined;
  /**
   * Counts every match for `total`, which takes longer the more there are. Default: `false`, which
   * counts up to 10,000.
   */
  readonly exactTotal?: boolean | undefined;
}
