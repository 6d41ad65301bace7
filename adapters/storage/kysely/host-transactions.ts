import type { HostTransactions, StorageScope } from '../../../src/index.ts';
import { inChunks, mostAlternatives } from './in-chunks.ts';
import { joinTransaction, type Place } from './open-session.ts';
import type { SchemaCheck } from './schema-check.ts';
import { kyselyScope } from './scope.ts';
import type { Session } from './session.ts';

/** Calls inside Kysely transactions of the host. */
export function kyselyHostTransactions(
  own: Session,
  place: Place,
  schemaCheck: SchemaCheck,
): HostTransactions {
  // One scope for each transaction: calls through two of them would cut into each other.
  const scopes = new WeakMap<object, StorageScope>();
  return {
    using(transaction) {
      const known = scopes.get(transaction);
      if (known) return known;
      const session = joinTransaction(transaction, place, own);
      const scope = kyselyScope(session, schemaCheck);
      scopes.set(transaction, scope);
      return scope;
    },
    async findCommitted(entries) {
      const found: string[] = [];
      for (const some of inChunks(entries, mostAlternatives)) {
        const rows = await own.db
          .selectFrom('oum_audit_entry')
          .select('id')
          .where(({ and, or }) =>
            or(some.map(({ orgId, at, id }) => and({ org_id: orgId, at, id }))),
          )
          .execute();
        found.push(...rows.map(({ id }) => id));
      }
      return found;
    },
  };
}
