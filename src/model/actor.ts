/**
 * Who performs a call. Every administrative method takes one.
 *
 * A `userId` is checked in the same transaction: it must be an active admin of the organization.
 * `{ system: true }` is for trusted server code only (seeding, billing hooks); the HTTP handler
 * never produces it.
 */
export type Actor = { readonly userId: string } | { readonly system: true };

/** The explicit actor of trusted server code. */
export const systemActor: Actor = Object.freeze({ system: true });

/** The account a person is signed in with at the host, as vouched for by the host. */
export interface Account {
  /** The host's id of the user. */
  readonly userId: string;
  /** The account's address. */
  readonly email: string;
  /** Whether the host has proven that the person owns `email`. */
  readonly emailVerified: boolean;
  /** The name to show in the members table. Default: the address. */
  readonly name?: string | undefined;
}
