import type { ChargeRequest, UsageWindow } from '../../../src/index.ts';
import { type Columns, noSlot } from './columns.ts';
import type { Sweep } from './sweep.ts';

/** Where charges that come again find their counters without looking for them. */
export interface RememberedSlots {
  /** The slots of the charge's counters, in its order; undefined when they have to be looked for. */
  find(request: ChargeRequest): readonly number[] | undefined;
  /** Remembers them, if the charge can be told by its list of windows and all counters are there. */
  note(request: ChargeRequest, slots: readonly number[]): void;
}

interface Entry {
  readonly partition: string;
  readonly slots: readonly number[];
  /** When the first of them expires. */
  readonly expiry: number;
}

/** Creates an empty memory. */
export function createRememberedSlots(
  columns: Pick<Columns, 'expiryOf'>,
  sweep: Pick<Sweep, 'reached'>,
): RememberedSlots {
  const entries = new WeakMap<readonly UsageWindow[], Entry>();
  return {
    find({ partition, windows }) {
      const entry = entries.get(windows);
      // As long as the clean-up has not come so far, none of them can have been removed.
      const holds = entry && entry.partition === partition && entry.expiry > sweep.reached();
      return holds ? entry.slots : undefined;
    },
    note({ partition, windows }, slots) {
      // Any other list may be changed by its owner, and most are made for one charge.
      if (!Object.isFrozen(windows[0]) || slots.includes(noSlot)) return;
      const expiry = Math.min(...slots.map(columns.expiryOf));
      entries.set(windows, { partition, slots, expiry });
    },
  };
}
