import { ownFields } from '../access/own-fields.ts';
import { findMember } from '../access/require-admin.ts';
import { unknownField } from '../access/unknown-field.ts';
import type { Context } from '../context.ts';
import { isOrgUserManagerError, OrgUserManagerError } from '../errors/index.ts';
import type { HeldReservation } from '../model/open-reservation.ts';
import type { SettledReservation } from '../model/reservation.ts';
import { chargedWindows } from './charged-windows.ts';
import { marksOf } from './marks.ts';
import { mostActual, settle, settleGraceMs } from './settle.ts';
import { announceThresholds, type Charged } from './thresholds.ts';

/** What `settleReservation` takes. */
export interface SettleReservationInput {
  /** The reservation's token. */
  readonly token: string;
  /** What the work cost, an integer from 0, which releases it, to 2^53 - 3. */
  readonly actual: number;
}

// Ids of 255 characters, each of them escaped, in base64.
const longestToken = 10_000;

/** Settles a reservation that another process may have made. */
export async function settleReservation(
  context: Context,
  input: SettleReservationInput,
): Promise<SettledReservation> {
  const { token, actual, ...unknown } = ownFields(input, ['token', 'actual']);
  const issues = Object.keys(unknown).map((name) => unknownField(name));
  if (typeof token !== 'string' || token.length > longestToken) {
    issues.push({ path: 'token', message: 'must be the token of a reservation' });
  }
  if (!isActual(actual)) issues.push({ path: 'actual', message: actualRule });
  if (issues.length > 0) throw new OrgUserManagerError('invalid_input', { issues });
  return settleOpen(context, context.reservationTokens.decode(token), actual);
}

/** Settles a reservation, now or when the counters are back, as the policy has it. */
export async function settleOpen(
  context: Context,
  open: HeldReservation,
  actual: number,
): Promise<SettledReservation> {
  if (!isActual(actual)) {
    const issues = [{ path: 'actual', message: actualRule }];
    throw new OrgUserManagerError('invalid_input', { issues });
  }
  // Its counter may be gone by then, and with it what it was settled with.
  if (context.clock.now() > open.expiresAt + settleGraceMs) {
    throw new OrgUserManagerError('invalid_reservation', {});
  }
  const settlement = { context, open, actual };
  const replayed = replayOf(settlement);
  if (replayed) return replayed;
  try {
    return await settleNow(settlement);
  } catch (error) {
    if (!isAway(error)) throw error;
    return replayOf(settlement) ?? settleLater(settlement, error);
  }
}

const isAway = (error: unknown) => isOrgUserManagerError(error, 'usage_unavailable');

interface Settlement {
  readonly context: Context;
  readonly open: HeldReservation;
  readonly actual: number;
}

/** What was settled here before, if that waits for the counters. */
function replayOf({ context, open }: Settlement): SettledReservation | undefined {
  const units = context.waitingSettlements.get(open.id);
  return units === undefined ? undefined : { units, replayed: true };
}

/** Settles a reservation, and forgets that it was open. */
async function settleNow({ context, open, actual }: Settlement): Promise<SettledReservation> {
  const { settlement, change, used } = await settle(context, open, actual);
  await strikeOff(context, open);
  if (change > 0) await announceOvershoot(context, open, { cost: change, used });
  return settlement;
}

/**
 * Settles it when the counters are back. A release stays in the log, so that it goes back in any case;
 * what was used must not.
 */
async function settleLater(settlement: Settlement, error: unknown): Promise<SettledReservation> {
  const { context, open, actual } = settlement;
  const { rateLimits, waitingSettlements } = context;
  const task = async () => {
    try {
      await settleNow(settlement);
    } catch (error) {
      // It goes on waiting, unless it has failed for good.
      if (!isAway(error)) waitingSettlements.delete(open.id);
      throw error;
    }
    waitingSettlements.delete(open.id);
  };
  if (!rateLimits.whenBack(open.orgId, task)) throw error;
  waitingSettlements.set(open.id, actual);
  if (actual > 0) await strikeOff(context, open);
  return { units: actual };
}

/** Removes the reservation from the log. If that fails, the counters still show that it is settled. */
async function strikeOff({ storage, settings }: Context, open: HeldReservation): Promise<void> {
  await storage.reservations.remove(open.id).catch(settings.onError);
}

/** What cost more than its estimate may have reached a share of a limit. */
async function announceOvershoot(
  context: Context,
  { orgId, userId, activity, day, month }: HeldReservation,
  { cost, used }: Pick<Charged, 'cost' | 'used'>,
): Promise<void> {
  try {
    const standing = await context.storage.load({ orgId, userIds: [userId] });
    const member = findMember(standing, userId);
    const { organization } = standing;
    if (!member || !organization) return;
    const calendar = { day, month };
    const { policies } = chargedWindows({ member, organization, activity, calendar });
    const charged = { orgId, userId, windows: policies };
    const marks = marksOf(policies, context.settings.usageThresholdPercents);
    await announceThresholds(context, { ...charged, cost, used }, marks);
  } catch (error) {
    // It is settled, and its caller must hear so.
    context.settings.onError(error);
  }
}

const actualRule = 'must be an integer from 0 to 2^53 - 3';

const isActual = (value: unknown) =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= mostActual;
