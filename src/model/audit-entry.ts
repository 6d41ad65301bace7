/** One line of the audit log, written in the transaction of the change it tells of. */
export interface AuditEntry {
  /** A UUID; later entries have greater ids. */
  readonly id: string;
  readonly orgId: string;
  /** When it happened, epoch milliseconds. */
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
