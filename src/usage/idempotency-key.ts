import { idempotencyKeyRule, isIdempotencyKey } from '../access/is-idempotency-key.ts';
import type { UsageWindow } from '../ports/rate-limit-store.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** A key that a caller gives to a call, so that repeating the call does not charge again. */
export const idempotencyKeyField = {
  holds: isIdempotencyKey,
  message: idempotencyKeyRule,
  optional: true,
};

/** The charge that a key stands for. */
export interface KeyedCharge {
  readonly userId: string;
  readonly idempotencyKey: string;
  readonly cost: number;
}

/**
 * The counter that lets a key be charged once: it has room for this one charge, and what it holds is
 * what the first charge cost. Each verb and each member has keys of their own. The length keeps key
 * and user id apart; the name stays below 400 characters.
 */
export function onceWindow(
  verb: 'consume' | 'record',
  { userId, idempotencyKey, cost }: KeyedCharge,
  now: number,
): UsageWindow {
  return {
    key: `k/${verb}/${idempotencyKey.length}/${idempotencyKey}/${userId}`,
    cost,
    limit: cost,
    expiresAt: now + dayMs,
  };
}
