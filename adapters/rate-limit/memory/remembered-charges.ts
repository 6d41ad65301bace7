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
  /** Remembers a charge if its list of windows is frozen, so that the list identifies it. */
  note(request: ChargeRequest, charge: KnownCharge): void;
}

interface Remembered extends KnownCharge {
  readonly partition: string;
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
  const charges = new WeakMap<readonly UsageWindow[], Remembered>();
  // The lists of the last charge: those of most members are alike, and share one list.
  let costs: readonly number[] = [];
  let rooms: readonly number[] = [];

  // No counter of the charge has been removed before the clean-up reaches its first expiry. A counter that was
  // missing is still missing while no counter has begun.
  const holds = ({ isWhole, expiry, begun }: Remembered) =>
    expiry > sweep.reached() && (isWhole || begun === columns.begun());

  return {
    find({ partition, windows }) {
      const charge = charges.get(windows);
      return charge?.partition === partition && holds(charge) ? charge : undefined;
    },
    note({ partition, windows }, charge) {
      // Any other list may be changed by its owner, and most are made for one charge.
      if (!Object.isFrozen(windows) || !windows.every(Object.isFrozen)) return;
      costs = sameOr(costs, charge.costs);
      rooms = sameOr(rooms, charge.rooms);
      const expiry = Math.min(...charge.slots.map(columns.expiryOf));
      const begun = columns.begun();
      charges.set(windows, { ...charge, costs, rooms, partition, expiry, begun });
    },
  };
}

/** The earlier list if both hold equal numbers, so that charges share it. */
function sameOr(before: readonly number[], list: readonly number[]): readonly number[] {
  const isSame = before.length === list.length && before.every((value, i) => value === list[i]);
  return isSame ? before : list;
}
