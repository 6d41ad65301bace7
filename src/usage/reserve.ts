import type { Context } from '../context.ts';
import type { ReserveOutcome } from '../model/charge-outcome.ts';
import type { HeldReservation, OpenReservation } from '../model/open-reservation.ts';
import type { Reservation, ReserveDecision } from '../model/reservation.ts';
import { toAllowed, toRefusal } from '../model/to-decision.ts';
import { newId } from '../system/new-id.ts';
import { charge } from './charge.ts';
import { createChargeCheck } from './check-charge.ts';
import { changeOf } from './reserved-counters.ts';
import { giveBack } from './settle.ts';
import { settleOpen } from './settle-reservation.ts';

/** What `reserve` takes. */
export interface ReserveInput {
  readonly orgId: string;
  readonly userId: string;
  /** One of the configured activities. Default: the first one. */
  readonly activity?: string | undefined;
  /** Units that the work may cost, an integer from 1 to 2^53 - 1; they are charged at once. */
  readonly estimate: number;
  /**
   * After how many milliseconds the units go back unless it is settled, from 1 second to 24 hours.
   * Default: 10 minutes.
   */
  readonly ttlMs?: number | undefined;
}

const defaultTtlMs = 10 * 60 * 1000;
const shortestTtlMs = 1000;
const longestTtlMs = 24 * 60 * 60 * 1000;

const isIntegerIn = (value: unknown, min: number, max: number) =>
  Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;

const check = createChargeCheck<ReserveInput>({
  estimate: {
    holds: (value) => isIntegerIn(value, 1, Number.MAX_SAFE_INTEGER),
    message: 'must be an integer from 1 to 2^53 - 1',
    optional: false,
  },
  ttlMs: {
    holds: (value) => isIntegerIn(value, shortestTtlMs, longestTtlMs),
    message: `must be an integer from ${shortestTtlMs} to ${longestTtlMs}`,
    optional: true,
  },
});

/**
 * Charges an estimate, to be settled when the work is done.
 *
 * The reservation is written down after the charge. A process that dies in between leaves the units
 * charged until their windows end: too much is counted then, never too little.
 */
export async function reserve(context: Context, input: ReserveInput): Promise<ReserveDecision> {
  const outcome = await setAside(context, input);
  if (!outcome.allowed) return toRefusal(outcome);
  return { ...toAllowed(outcome), reservation: outcome.reservation };
}

/** The same, before anybody looks at it. */
export async function setAside(context: Context, input: ReserveInput): Promise<ReserveOutcome> {
  const { activities } = context.settings;
  const given = check(input, activities);
  const { orgId, userId, activity = activities[0] ?? '', estimate, ttlMs = defaultTtlMs } = given;
  const at = context.clock.now();
  const standing = await context.storage.load({ orgId, userIds: [userId] });
  const { organization } = standing;
  if (!organization) return { allowed: false, reason: 'not_a_member' };
  const charged = {
    context,
    orgId,
    userId,
    activity,
    cost: estimate,
    idempotencyKey: undefined,
    isHeld: true,
    at,
  };
  const outcome = await charge(standing, charged);
  if (!outcome.allowed) return outcome;
  const { day, month } = context.calendar(organization, at);
  const open: OpenReservation = {
    id: newId(context),
    orgId,
    userId,
    activity,
    estimate,
    day: { id: day.id, endsAt: day.endsAt },
    month: { id: month.id, endsAt: month.endsAt },
    expiresAt: at + ttlMs,
  };
  if (outcome.note === 'uncounted') {
    return { ...outcome, reservation: toUncounted(context, { ...open, uncounted: true }) };
  }
  await noteDown(context, open);
  return { ...outcome, reservation: toReservation(context, open) };
}

async function noteDown(context: Context, open: OpenReservation): Promise<void> {
  try {
    await context.storage.reservations.insert(open);
    context.noteExpiry(open.expiresAt);
  } catch (error) {
    // Nobody will hear of the reservation. If the units cannot go back either, they stay charged.
    await giveBack(context, open).catch(context.settings.onError);
    throw error;
  }
}

/** What the counters may not hold goes back to no one but this process, which has allowed it. */
function toUncounted(context: Context, open: HeldReservation): Reservation {
  const { commit, ...reservation } = toReservation(context, open);
  let isHeld = true;
  const settle = async (actual: number) => {
    const settlement = await commit(actual);
    const unused = open.estimate - settlement.units;
    if (isHeld && unused > 0) {
      context.rateLimits.letGo({ partition: open.orgId, windows: changeOf(open, unused) });
    }
    isHeld = false;
    return settlement;
  };
  return { ...reservation, commit: settle, release: () => settle(0) };
}

function toReservation(context: Context, open: HeldReservation): Reservation {
  return {
    token: context.reservationTokens.encode(open),
    expiresAt: new Date(open.expiresAt),
    commit: (actual) => settleOpen(context, open, actual),
    release: () => settleOpen(context, open, 0),
  };
}
