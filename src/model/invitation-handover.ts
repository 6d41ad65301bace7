/** What became of the usable invitations of a person who lost access. */
export interface InvitationHandover {
  /** How many were revoked; their links are dead and their mails are not sent. */
  readonly revokedInvitations: number;
  /** How many were kept; the actor answers for them now. */
  readonly keptInvitations: number;
}
