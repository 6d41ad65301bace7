import type { Context } from '../context.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import { ownContext } from '../system/own-context.ts';
import { giveBack } from './settle.ts';

/** Gives back what reservations hold that nobody settled in time. */
export interface ExpiredReservations {
  /** Bears in mind a reservation that was made here. */
  note(expiresAt: number): void;
  /** Gives the organization's back, if any may have expired; whether units may have come back. */
  giveBackIn(orgId: string, now: number): MaybePromise<boolean>;
  /** Gives all of them back, until it is stopped. To be called now and then: it looks at most once a minute. */
  giveBackAll(isStopped: () => boolean): Promise<void>;
}

type Parts = Pick<Context, 'storage' | 'rateLimits' | 'clock'>;

const lookEveryMs = 60_000;
// The background looks more often than this. Where none runs, a refusal does it.
const unseenMs = 5 * 60_000;
// What has expired in other organizations is left to the background, and not asked for again at once.
const restMs = 1000;
// What one look gives back before it asks again, and a refusal at most.
const batch = 100;

/**
 * Creates the one who looks. It keeps the time of the next expiry in mind, so that a refusal costs
 * nothing more where no reservation can have expired. Reservations of other processes are seen by the
 * looks of the background.
 */
export function createExpiredReservations(parts: Parts): ExpiredReservations {
  const { clock } = parts;
  const { reservations } = parts.storage;
  const inOwnContext = ownContext();
  let nextAt = Number.POSITIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  let noted = 0;

  async function findNext(earliest = Number.NEGATIVE_INFINITY): Promise<void> {
    const before = noted;
    const next = (await reservations.nextExpiryAt()) ?? Number.POSITIVE_INFINITY;
    const found = Math.max(next, earliest);
    // The log may have been read before it held what was noted meanwhile.
    nextAt = noted === before ? found : Math.min(found, nextAt);
  }

  /** Reads the log; whoever is refused meanwhile waits for it. */
  function look(now: number): Promise<void> {
    looking ??= readLog(now);
    return looking;
  }

  async function readLog(now: number): Promise<void> {
    const before = lookedAt;
    lookedAt = now;
    try {
      await findNext();
    } catch (error) {
      lookedAt = before;
      throw error;
    } finally {
      looking = undefined;
    }
  }

  async function lookIn(orgId: string, now: number): Promise<boolean> {
    await (isSeen(now) ? looking : look(now));
    if (nextAt <= now) {
      const hasMore = (await giveBackSome(parts, { orgId })) === batch;
      await findNext(hasMore ? now : now + restMs);
    }
    // What is not there any more another process may have given back since the refusal.
    return true;
  }

  const isSeen = (now: number) => Math.abs(now - lookedAt) < unseenMs;

  return {
    note(expiresAt) {
      noted += 1;
      nextAt = Math.min(nextAt, expiresAt);
    },
    giveBackIn(orgId, now) {
      if (!looking && nextAt > now && isSeen(now)) return false;
      // It gives back what others have reserved.
      return inOwnContext(() => lookIn(orgId, now));
    },
    async giveBackAll(isStopped) {
      const now = clock.now();
      // A clock that was set back must not end the looking.
      if (nextAt > now && Math.abs(now - lookedAt) < lookEveryMs) return;
      await look(now);
      if (nextAt > now) return;
      while ((await giveBackSome(parts, { isStopped })) === batch);
      await findNext();
    },
  };
}

/** Which reservations to give back; default: those of every organization, without a stop. */
interface Share {
  readonly orgId?: string;
  isStopped?(): boolean;
}

/** Gives back some that have expired; how many. */
async function giveBackSome(
  { storage, rateLimits, clock }: Parts,
  { orgId, isStopped = () => false }: Share,
): Promise<number> {
  const { reservations } = storage;
  const found = await reservations.findExpired({ orgId, now: clock.now(), limit: batch });
  // Each of an organization whose counters are locked would keep the others waiting for as long.
  const failed = new Set<string>();
  let given = 0;
  for (const reservation of found) {
    if (isStopped()) break;
    if (failed.has(reservation.orgId)) continue;
    // What may not have counted is repeated: its own counter lets it count once.
    if (!(await giveBack({ rateLimits }, reservation))) {
      failed.add(reservation.orgId);
      continue;
    }
    await reservations.remove(reservation.id);
    given += 1;
  }
  return given;
}
