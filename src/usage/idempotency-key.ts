import { idempotencyKeyRule, isIdempotencyKey } from '../access/is-idempotency-key.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import { keyPrefixes } from '../limits/key-counters.ts';
import type { UsageWindow } from '../ports/rate-limit-store.ts';
import { nodeCrypto } from '../system/node-crypto.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** A key that a caller gives to a call, so that repeating the call does not charge again. */
export const idempotencyKeyField = {
  holds: isIdempotencyKey,
  message: idempotencyKeyRule,
  optional: true,
};

/** A call with an idempotency key. */
export interface KeyedCall {
  readonly verb: 'consume' | 'record';
  readonly userId: string;
  readonly activity: string;
  /** The units that the call asks for; below 0 to take them back. */
  readonly asked: number;
  readonly idempotencyKey?: string | undefined;
}

/** The counters that let a key be charged once; none without a key. */
export interface Once {
  /** As windows of a charge of so many units. */
  windows(units: number): readonly UsageWindow[];
  /**
   * The units of the first charge with this key, read from its counters; 0 when there was none. Throws
   * `idempotency_key_reused` when that charge was for other units or another activity.
   */
  firstUnits(used: readonly number[]): number;
}

const withoutKey: Once = { windows: () => [], firstUnits: () => 0 };

/**
 * The counters of a key: the first holds the units that were charged, the second a digest of what was
 * asked for. Each has room for one charge, so that of several at one moment one counts. Each verb and
 * each member has keys of their own. The length keeps key and user id apart; the names stay below 400
 * characters.
 */
export function onceFor({ verb, userId, activity, asked, idempotencyKey }: KeyedCall): Once {
  if (idempotencyKey === undefined) return withoutKey;
  const name = `${verb}/${idempotencyKey.length}/${idempotencyKey}/${userId}`;
  const digest = digestOf([activity, asked]);
  return {
    windows: (units) =>
      [
        { key: `${keyPrefixes.units}${name}`, cost: units },
        { key: `${keyPrefixes.call}${name}`, cost: digest },
      ].map(({ key, cost }) => ({ key, cost, limit: cost, keepMs: dayMs })),
    firstUnits([units = 0, call = 0]) {
      if (units === 0) return 0;
      // Digests can be made to collide, so the units are compared, too. A correction may have found less
      // than it asked for.
      const isSame = call === digest && (asked < 0 || units === asked);
      if (!isSame) throw new OrgUserManagerError('idempotency_key_reused', {});
      return units;
    },
  };
}

/** An integer from 1 to 2^48. */
function digestOf(call: readonly unknown[]): number {
  const hash = nodeCrypto().createHash('sha256').update(JSON.stringify(call)).digest();
  return hash.readUIntBE(0, 6) + 1;
}
