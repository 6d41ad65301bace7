import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { OpenReservation } from '../model/open-reservation.ts';
import type { SettledReservation } from '../model/reservation.ts';
import { mostActual, settle, settleGraceMs } from './settle.ts';

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
  const { token, actual, ...unknown } = Object(input);
  const issues = Object.keys(unknown).map((path) => ({ path, message: 'is not known' }));
  if (typeof token !== 'string' || token.length > longestToken) {
    issues.push({ path: 'token', message: 'must be the token of a reservation' });
  }
  if (!isActual(actual)) issues.push({ path: 'actual', message: actualRule });
  if (issues.length > 0) throw new OrgUserManagerError('invalid_input', { issues });
  return settleOpen(context, context.reservationTokens.decode(token), actual);
}

/** Settles a reservation, and forgets that it was open. */
export async function settleOpen(
  context: Context,
  open: OpenReservation,
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
  const outcome = await settle(context, open, actual);
  // It is settled. Whoever finds it in the log sees that in the counters.
  await context.storage.reservations.remove(open.id).catch(context.settings.onError);
  return outcome;
}

const actualRule = 'must be an integer from 0 to 2^53 - 3';

const isActual = (value: unknown) =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= mostActual;
