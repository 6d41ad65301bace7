import type { StorageScope } from '../../../src/index.ts';
import { beforeCharge } from '../../rate-limit/sql/failures.ts';
import { sqlRateLimitStore } from '../../rate-limit/sql/index.ts';
import { loadInGroups } from './grouped-loads.ts';
import { createOrganizationLock } from './organization-lock.ts';
import { kyselyReader } from './reader.ts';
import { kyselyReservations } from './reservations.ts';
import type { SchemaCheck } from './schema-check.ts';
import type { AtomicSession } from './session.ts';
import { kyselyTransaction } from './transaction.ts';

/** The calls on a session, the first of which finds out whether the schema fits. */
export function kyselyScope(session: AtomicSession, schemaCheck: SchemaCheck): StorageScope {
  const reader = kyselyReader(session);
  const load = session.db.isTransaction ? reader.load : loadInGroups(session);
  const counters = sqlRateLimitStore(session);
  const reservations = kyselyReservations(session);
  const fits = () => schemaCheck.pass(session);
  return {
    load: (query) => fits().then(() => load(query)),
    findInvitation: (id) => fits().then(() => reader.findInvitation(id)),
    listMembers: (query) => fits().then(() => reader.listMembers(query)),
    listInvitations: (query) => fits().then(() => reader.listInvitations(query)),
    countLimits: (orgId) => fits().then(() => reader.countLimits(orgId)),
    transaction: (orgId, work, caller) =>
      fits().then(() =>
        session.atomically((db, lockTimeout) => {
          const inside = { ...session, db, lockTimeout };
          const lock = createOrganizationLock(inside, orgId);
          return work(kyselyTransaction({ ...inside, lock }));
        }, caller),
      ),
    rateLimits: {
      consume: (request) => beforeCharge(fits).then(() => counters.consume(request)),
      get: (partition, keys) => fits().then(() => counters.get(partition, keys)),
      sweep: () => fits().then(() => counters.sweep?.() ?? false),
    },
    reservations: {
      insert: (reservation) => fits().then(() => reservations.insert(reservation)),
      remove: (id) => fits().then(() => reservations.remove(id)),
      findExpired: (query) => fits().then(() => reservations.findExpired(query)),
      nextExpiryAt: () => fits().then(() => reservations.nextExpiryAt()),
    },
  };
}
