import { type ExpressionBuilder, sql } from 'kysely';
import type { MailLease, Outbox, OutboxMail } from '../../../src/index.ts';
import { lockTimeouts, withLockTimeout } from '../../sql/lock-timeout.ts';
import { runWrite } from '../../sql/run-write.ts';
import { typed } from '../../sql/typed.ts';
import { withRetries } from '../../sql/with-retries.ts';
import { mostAlternatives } from './in-chunks.ts';
import { toMail } from './rows.ts';
import type { SchemaCheck } from './schema-check.ts';
import type { Session } from './session.ts';
import type { Tables } from './tables.ts';

/** The outbox over `oum_mail`. */
export function kyselyOutbox(session: Session, schemaCheck: SchemaCheck): Outbox {
  const { db, engine } = session;
  return {
    async claim(lease) {
      await schemaCheck.pass(session);
      return claimMails(session, lease);
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

/** No RETURNING, which not every engine has. */
async function claimMails(
  session: Session,
  { claimId, now, leaseUntil, limit, caller }: MailLease,
): Promise<readonly OutboxMail[]> {
  const { db, engine } = session;
  const selectDue = db
    .selectFrom('oum_mail')
    .select(['invitation_id', 'number'])
    .where('state', '=', 'queued')
    .where('next_attempt_at', '<=', now)
    .orderBy('next_attempt_at')
    .limit(typed(engine, 'bigint', Math.min(limit, mostAlternatives)))
    // A mail that a transaction of the host has locked must not hold up the others.
    .$if(engine.skipsLocked, (query) => query.forUpdate().skipLocked());
  const due = await withRetries(engine, () => selectDue.execute(), caller);
  if (due.length === 0) return [];
  const isDue = ({ and, or }: ExpressionBuilder<Tables, 'oum_mail'>) =>
    or(due.map((key) => and(key)));
  const lockTimeoutOf = await lockTimeouts(session, engine);
  const claim = () => {
    const timed = { ...session, lockTimeout: lockTimeoutOf(caller) };
    const take = db
      .updateTable('oum_mail')
      .set(({ eb }) => ({
        claim_id: claimId,
        next_attempt_at: leaseUntil,
        attempts: eb('attempts', '+', sql.lit(1)),
      }))
      .where(isDue)
      // A faster process has moved the time on.
      .where('state', '=', 'queued')
      .where('next_attempt_at', '<=', now)
      .$call(withLockTimeout(timed, sql.val(timed.lockTimeout?.ms ?? 0)));
    return runWrite(timed, take);
  };
  await withRetries(engine, claim, caller);
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
}
