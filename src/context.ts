import type { Counters } from './counters/counters.ts';
import type { EventEmitter } from './events/emitter.ts';
import type { Calendar } from './limits/calendar.ts';
import type { Settings } from './options.ts';
import type { Clock } from './ports/clock.ts';
import type { Mailer } from './ports/mailer.ts';
import type { MaybePromise } from './ports/maybe-promise.ts';
import type { Outbox } from './ports/outbox.ts';
import type { RandomSource } from './ports/random-source.ts';
import type { AuditKey, StorageScope } from './ports/storage.ts';
import type { Cursors } from './signing/cursors.ts';
import type { InviteLinks } from './signing/invite-links.ts';
import type { InvitePlans } from './signing/invite-plans.ts';
import type { ReservationTokens } from './signing/reservation-tokens.ts';
import type { WithinDeadline } from './transactions/deadline.ts';

/** What every feature works with. One is built at construction and never changes. */
export interface Context {
  readonly storage: StorageScope;
  readonly outbox: Outbox;
  readonly rateLimits: Counters;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly links: InviteLinks;
  readonly cursors: Cursors;
  readonly plans: InvitePlans;
  readonly reservationTokens: ReservationTokens;
  readonly calendar: Calendar;
  /** The units of settlements that wait for the store of the counters, by reservation. */
  readonly waitingSettlements: Map<string, number>;
  readonly events: EventEmitter;
  readonly settings: Settings;
  /** Waits for a call of the storage no longer than the deadline. */
  readonly within: WithinDeadline;
  /** Runs a task once the transaction that wrote this audit entry is committed, if it ever is. */
  afterCommit(entry: AuditKey, task: () => void): void;
  /** Sends what waits in the outbox, in the background. */
  wakeDelivery(): void;
  /** Bears in mind that a reservation expires then. */
  noteExpiry(expiresAt: number): void;
  /**
   * Tries a task of an organization that has failed again, when the background looks next, until it resolves
   * with true. It must not reject.
   */
  postpone(orgId: string, task: () => Promise<boolean>): void;
  /** Gives back what expired reservations of the organization hold; whether units may be free again. */
  giveBackExpired(orgId: string, now: number): MaybePromise<boolean>;
}

/** What there is before anything runs in the background. */
export type SharedContext = Omit<
  Context,
  'wakeDelivery' | 'noteExpiry' | 'postpone' | 'giveBackExpired'
>;
