/** One line of the audit log, written in the transaction of the change it tells of. */
export interface AuditEntry {
  readonly id: string;
  readonly orgId: string;
  readonly at: number;
  /** The acting user; `null` for the system actor. */
  readonly actor: string | null;
  /** The event's name, such as `member.disabled`. */
  readonly action: string;
  /** The user or invitation it happened to. */
  readonly subject: string;
  /** Support's reason for a restore; otherwise `null`. */
  readonly reason: string | null;
}
