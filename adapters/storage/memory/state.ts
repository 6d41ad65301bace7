import type {
  AuditEntry,
  Invitation,
  KeptAnswer,
  MailKey,
  Member,
  OpenReservation,
  Organization,
  OutboxMail,
} from '../../../src/index.ts';

/** A mail with its claim; while it is claimed, `nextAttemptAt` is when the lease ends. */
export interface LeasedMail extends OutboxMail {
  readonly claimId: string | null;
}

/** Everything that is stored. Rows are never changed, only replaced. */
export interface State {
  readonly organizations: Map<string, Organization>;
  /** By organization and user: every request of the host looks one up. */
  readonly members: Map<string, Map<string, Member>>;
  readonly invitations: Map<string, Invitation>;
  /** The ids of what is stored as pending, by `addressKey`. */
  readonly pending: Map<string, string>;
  /** By `mailKey`. */
  readonly mails: Map<string, LeasedMail>;
  readonly auditEntries: Map<string, AuditEntry>;
  /** By `answerKey`. */
  readonly answers: Map<string, KeptAnswer>;
  readonly reservations: Map<string, OpenReservation>;
}

/** A state without a row. */
export function emptyState(): State {
  return {
    organizations: new Map(),
    members: new Map(),
    invitations: new Map(),
    pending: new Map(),
    mails: new Map(),
    auditEntries: new Map(),
    answers: new Map(),
    reservations: new Map(),
  };
}

/** The members of an organization, by user. */
export function membersOf({ members }: State, orgId: string): Map<string, Member> {
  const known = members.get(orgId);
  if (known) return known;
  const table = new Map<string, Member>();
  members.set(orgId, table);
  return table;
}

/** The key of an address in an organization. */
export function addressKey({ orgId, address }: Pick<Invitation, 'orgId' | 'address'>) {
  return JSON.stringify([orgId, address]);
}

/** The key of a mail. */
export function mailKey({ invitationId, number }: MailKey) {
  return JSON.stringify([invitationId, number]);
}

/** The key of an invitation's newest mail. */
export function newestMailKey({ id, sendCount }: Pick<Invitation, 'id' | 'sendCount'>) {
  return mailKey({ invitationId: id, number: sendCount });
}

/** The key of an answer. */
export function answerKey({ orgId, key }: Pick<KeptAnswer, 'orgId' | 'key'>) {
  return JSON.stringify([orgId, key]);
}

/** Writes rows and remembers what stood there, so that a failed transaction leaves no trace. */
export interface Journal {
  put<Row>(table: Map<string, Row>, key: string, row: Row): void;
  remove<Row>(table: Map<string, Row>, key: string): void;
  undo(): void;
}

/** Starts the journal of one transaction. */
export function createJournal(): Journal {
  const undoSteps: (() => void)[] = [];
  function remember<Row>(table: Map<string, Row>, key: string) {
    const before = table.get(key);
    undoSteps.push(() => {
      if (before === undefined) table.delete(key);
      else table.set(key, before);
    });
  }
  return {
    put(table, key, row) {
      remember(table, key);
      table.set(key, row);
    },
    remove(table, key) {
      remember(table, key);
      table.delete(key);
    },
    undo() {
      for (const step of undoSteps.reverse()) step();
    },
  };
}
