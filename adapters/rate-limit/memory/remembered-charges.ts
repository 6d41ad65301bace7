import type { ChargeRequest, UsageWindow } from '../../../src/index.ts';
import type { Columns } from './columns.ts';
import type { Sweep } from './sweep.ts';

/** A charge as the counters see it; its lists are in the order of the windows. */
export interface KnownCharge {
  readonly slots: readonly number[];
  /** Whether all of its counters are there. */
  readonly isWhole: boolean;
  readonly costs: readonly number[];
  /** The most that each counter may hold before the charge. */
  readonly rooms: readonly number[];
}

/** Where charges that come again find their counters without looking for them. */
export interface RememberedCharges {
  /** Undefined when its counters have to be looked for. */
  find(request: ChargeRequest): KnownCharge | undefined;
  /** Remembers a charge, if it can be told by its list of windows. */
  note(request: ChargeRequest, charge: KnownCharge): void;
}

interface Entry {
  readonly partition: string;
  readonly charge: KnownCharge;
  /** When the first of its counters expires. */
  readonly expiry: number;
  /** How many counters had begun by then. */
  readonly begun: number;
}

/** Creates an empty memory. */
export function createRememberedCharges(
  columns: Pick<Columns, 'begun' | 'expiryOf'>,
  sweep: Pick<Sweep, 'reached'>,
): RememberedCharges {
  const entries = new WeakMap<readonly UsageWindow[], Entry>();

  // As long as the clean-up has not come so far, none of its counters can have been removed; and as long
  // as nothing has begun, none of them can be there that was not.
  const holds = ({ charge, expiry, begun }: Entry) =>
    expiry > sweep.reached() && (charge.isWhole || begun === columns.begun());

  return {
    find({ partition, windows }) {
      const entry = entries.get(windows);
      return entry?.partition === partition && holds(entry) ? entry.charge : undefined;
    },
    note({ partition, windows }, charge) {
      // Any other list may be changed by its owner, and most are made for one charge.
      if (!Object.isFrozen(windows) || !windows.every(Object.isFrozen)) return;
      const expiry = Math.min(...charge.slots.map(columns.expiryOf));
      const begun = columns.begun();
      entries.set(windows, { partition, charge, expiry, begun });
    },
  };
}
