import { type ExpressionBuilder, sql } from 'kysely';
import type { Outbox } from '../../../src/index.ts';
import { typed } from '../../sql/typed.ts';
import { withRetries } from '../../sql/with-retries.ts';
import { mostAlternatives } from './in-chunks.ts';
import { toMail } from './rows.ts';
import type { SchemaCheck } from './schema-check.ts';
import type { Session } from './session.ts';
import type { Tables } from './tables.ts';

/** The outbox over `oum_mail`. No RETURNING and no SKIP LOCKED, which not every engine has. */
export function kyselyOutbox(session: Session, schemaCheck: SchemaCheck): Outbox {
  const { db, engine } = session;
  return {
    async claim({ claimId, now, leaseUntil, limit }) {
      await schemaCheck.pass(session);
      const due = await db
        .selectFrom('oum_mail')
        .select(['invitation_id', 'number'])
        .where('state', '=', 'queued')
        .where('next_attempt_at', '<=', now)
        .orderBy('next_attempt_at')
        .limit(typed(engine, 'bigint', Math.min(limit, mostAlternatives)))
        .execute();
      if (due.length === 0) return [];
      const isDue = ({ and, or }: ExpressionBuilder<Tables, 'oum_mail'>) =>
        or(due.map((key) => and(key)));
      const take = db
        .updateTable('oum_mail')
        .set(({ eb }) => ({
          claim_id: claimId,
          next_attempt_at: leaseUntil,
          attempts: eb('attempts', '+', sql.lit(1)),
        }))
        .where(isDue)
        // Whoever was faster has moved the time on.
        .where('state', '=', 'queued')
        .where('next_attempt_at', '<=', now);
      await withRetries(engine, () => take.execute());
      const claimed = await db
        .selectFrom('oum_mail')
        .selectAll()
        .where(isDue)
        .where('state', '=', 'queued')
        .where('claim_id', '=', claimId)
        .where('next_attempt_at', '=', leaseUntil)
        .orderBy('created_at')
        .orderBy('invitation_id')
        .execute();
      return claimed.map(toMail);
    },
    async settle({ invitationId, number }, claimId, { state, lastError, nextAttemptAt }) {
      await schemaCheck.pass(session);
      const settle = db
        .updateTable('oum_mail')
        .set({ state, last_error: lastError, next_attempt_at: nextAttemptAt, claim_id: null })
        .where('invitation_id', '=', invitationId)
        .where('number', '=', number)
        .where('claim_id', '=', claimId);
      await withRetries(engine, () => settle.execute());
    },
    async nextDueAt() {
      await schemaCheck.pass(session);
      const { at } = await db
        .selectFrom('oum_mail')
        .select(({ fn }) => fn.min('next_attempt_at').as('at'))
        .where('state', '=', 'queued')
        .executeTakeFirstOrThrow();
      return at === null ? undefined : Number(at);
    },
  };
}
