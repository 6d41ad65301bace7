import { sql } from 'kysely';
import { usageTable } from '../../../rate-limit/sql/usage-table-definition.ts';
import type { TableDefinition } from '../../../sql/create-table.ts';
import type { SqlEngine } from '../../../sql/engine.ts';
import { counts, inRange, type Range, times } from '../../../sql/in-range.ts';

// The length of a host's id.
const id = 255;
// The length of an id of ours, a UUID.
const uuid = 36;
// Room for a SHA-256 in base64url.
const digest = 64;
// From 1 to the greatest value of an INTEGER column.
const ordinals: Range = [1, 2 ** 31 - 1];

/** Organizations, members, invitations, the outbox, the audit log, kept answers, the usage counters. */
export const initialSchema = (engine: SqlEngine): readonly TableDefinition[] => [
  organization(engine),
  member(),
  invitation(),
  mail(),
  auditEntry(),
  answer(engine),
  usageTable(),
];

function organization(engine: SqlEngine): TableDefinition {
  return {
    name: 'oum_organization',
    indexes: {},
    build: (table, key) =>
      table
        .addColumn('id', key(id), (column) => column.primaryKey())
        .addColumn('name', 'varchar(200)', (column) => column.notNull())
        .addColumn('time_zone', 'varchar(64)', (column) => column.notNull())
        // JSON; NULL = it is the first one.
        .addColumn('zone_change', 'varchar(300)')
        .addColumn('daily_allocation', 'bigint')
        .addColumn('monthly_allocation', 'bigint')
        .addColumn('member_limit', 'bigint')
        .addColumn('active_admins', 'integer', (column) => column.notNull())
        .addColumn('active_members', 'integer', (column) => column.notNull())
        .addColumn('pending_upper_bound', 'bigint', (column) => column.notNull())
        // JSON; NULL = nobody has set one.
        .addColumn('invite_policy', sql.raw(engine.longText))
        .addColumn('revision', 'bigint', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addCheckConstraint(
          'oum_organization_has_admin',
          inRange(['active_admins', 'active_members'], ordinals),
        )
        .addCheckConstraint(
          'oum_organization_seats',
          sql`active_members >= active_admins
        and (member_limit is null or active_members <= member_limit)`,
        )
        .addCheckConstraint(
          'oum_organization_allocation',
          inRange(['daily_allocation', 'monthly_allocation'], counts),
        )
        .addCheckConstraint(
          'oum_organization_counts',
          inRange(['member_limit', 'pending_upper_bound', 'revision'], counts),
        )
        .addCheckConstraint('oum_organization_times', inRange(['created_at'], times)),
  };
}

function member(): TableDefinition {
  return {
    name: 'oum_member',
    indexes: {
      // Who has this address: for inviting and accepting.
      address: ['org_id', 'address'],
      // The list, one index for each sort and both ways; a list of every status merges its parts. The
      // role at the end lets a filter and the total pass over rows without reading them.
      joined: ['org_id', 'status', 'joined_at', 'user_id', 'role'],
      name: ['org_id', 'status', 'sort_name', 'user_id', 'role'],
    },
    build: (table, key) =>
      table
        .addColumn('org_id', key(id), (column) => column.notNull())
        .addColumn('user_id', key(id), (column) => column.notNull())
        .addColumn('address', key(320), (column) => column.notNull())
        .addColumn('name', 'varchar(200)')
        .addColumn('phone', 'varchar(16)')
        .addColumn('sort_name', key(200), (column) => column.notNull())
        .addColumn('role', 'varchar(16)', (column) => column.notNull())
        .addColumn('status', 'varchar(16)', (column) => column.notNull())
        .addColumn('daily_limit', 'bigint')
        .addColumn('monthly_limit', 'bigint')
        .addColumn('joined_at', 'bigint', (column) => column.notNull())
        .addColumn('invited_by', key(id))
        .addColumn('disabled_at', 'bigint')
        .addPrimaryKeyConstraint('oum_member_key', ['org_id', 'user_id'])
        .addForeignKeyConstraint('oum_member_organization', ['org_id'], 'oum_organization', ['id'])
        .addCheckConstraint('oum_member_role', sql`role in ('member', 'admin')`)
        .addCheckConstraint(
          'oum_member_status',
          sql`(status = 'active' and disabled_at is null)
        or (status = 'disabled' and disabled_at is not null)`,
        )
        .addCheckConstraint('oum_member_limit', inRange(['daily_limit', 'monthly_limit'], counts))
        .addCheckConstraint('oum_member_times', inRange(['joined_at', 'disabled_at'], times)),
  };
}

function invitation(): TableDefinition {
  return {
    name: 'oum_invitation',
    // No foreign key to the organization: whoever inserts has written to its row in the same
    // transaction, and PostgreSQL would look that up again for each of a thousand rows.
    // The list, as above; here it is the life of an invitation, too, that rows are passed over by.
    indexes: {
      created: ['org_id', 'status', 'created_at', 'id', 'expires_at', 'role'],
      address: ['org_id', 'status', 'address', 'id', 'expires_at', 'role'],
      // The usable ones, or those that have expired, without passing over the others; all of a state.
      expiry: ['org_id', 'status', 'expires_at', 'role'],
      // The usable ones of an inviter who leaves.
      inviter: ['org_id', 'status', 'invited_by', 'expires_at'],
    },
    build: (table, key) =>
      table
        .addColumn('id', key(uuid), (column) => column.primaryKey())
        .addColumn('org_id', key(id), (column) => column.notNull())
        .addColumn('address', key(320), (column) => column.notNull())
        .addColumn('pending_address', key(320))
        .addColumn('role', 'varchar(16)', (column) => column.notNull())
        .addColumn('daily_limit', 'bigint')
        .addColumn('monthly_limit', 'bigint')
        .addColumn('name', 'varchar(200)')
        .addColumn('phone', 'varchar(16)')
        .addColumn('status', 'varchar(16)', (column) => column.notNull())
        .addColumn('generation', 'integer', (column) => column.notNull())
        .addColumn('invited_by', key(id))
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('send_count', 'integer', (column) => column.notNull())
        .addColumn('last_send_at', 'bigint', (column) => column.notNull())
        .addColumn('ended_at', 'bigint')
        .addColumn('ended_by', key(id))
        .addUniqueConstraint('oum_invitation_one_pending', ['org_id', 'pending_address'])
        .addCheckConstraint('oum_invitation_role', sql`role in ('member', 'admin')`)
        .addCheckConstraint(
          'oum_invitation_limit',
          inRange(['daily_limit', 'monthly_limit'], counts),
        )
        .addCheckConstraint(
          'oum_invitation_ordinals',
          inRange(['generation', 'send_count'], ordinals),
        )
        .addCheckConstraint(
          'oum_invitation_times',
          inRange(['created_at', 'expires_at', 'last_send_at', 'ended_at'], times),
        )
        .addCheckConstraint(
          'oum_invitation_status',
          // A check that comes out NULL passes: hence "is not null" beside the comparison.
          sql`(status = 'pending' and pending_address is not null and pending_address = address
          and ended_at is null and ended_by is null)
        or (status in ('accepted', 'declined', 'revoked')
          and pending_address is null and ended_at is not null)`,
        ),
  };
}

function mail(): TableDefinition {
  return {
    name: 'oum_mail',
    // No foreign key to the invitation, as above: it was written by the same transaction.
    indexes: {
      // What is due, for every organization at once.
      due: ['state', 'next_attempt_at'],
    },
    build: (table, key) =>
      table
        .addColumn('org_id', key(id), (column) => column.notNull())
        .addColumn('invitation_id', key(uuid), (column) => column.notNull())
        .addColumn('number', 'integer', (column) => column.notNull())
        .addColumn('state', 'varchar(16)', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('next_attempt_at', 'bigint', (column) => column.notNull())
        .addColumn('last_error', 'varchar(200)')
        .addColumn('claim_id', key(uuid))
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('oum_mail_key', ['invitation_id', 'number'])
        .addCheckConstraint(
          'oum_mail_state',
          sql`state in ('queued', 'sent', 'failed', 'cancelled')
        and (state = 'queued' or claim_id is null)`,
        )
        .addCheckConstraint(
          'oum_mail_counts',
          sql`${inRange(['number'], ordinals)} and ${inRange(['attempts'], counts)}`,
        )
        .addCheckConstraint('oum_mail_times', inRange(['next_attempt_at', 'created_at'], times)),
  };
}

function auditEntry(): TableDefinition {
  return {
    name: 'oum_audit_entry',
    indexes: {},
    isInKeyOrder: true,
    build: (table, key) =>
      table
        .addColumn('org_id', key(id), (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('id', key(uuid), (column) => column.notNull())
        .addColumn('actor', key(id))
        .addColumn('action', 'varchar(64)', (column) => column.notNull())
        .addColumn('subject', key(id), (column) => column.notNull())
        .addColumn('reason', 'varchar(500)')
        // In the order in which it happened, for whoever reads the log with SQL.
        .addPrimaryKeyConstraint('oum_audit_entry_key', ['org_id', 'at', 'id'])
        .addCheckConstraint('oum_audit_entry_times', inRange(['at'], times)),
  };
}

function answer(engine: SqlEngine): TableDefinition {
  return {
    name: 'oum_answer',
    // Which ones have expired.
    indexes: { expiry: ['org_id', 'expires_at'] },
    build: (table, key) =>
      table
        .addColumn('org_id', key(id), (column) => column.notNull())
        .addColumn('digest', key(digest), (column) => column.notNull())
        .addColumn('request', 'varchar(64)', (column) => column.notNull())
        .addColumn('answer', sql.raw(engine.longText), (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('oum_answer_key', ['org_id', 'digest'])
        .addCheckConstraint('oum_answer_times', inRange(['expires_at'], times)),
  };
}
