import type { EventEmitter } from './events/emitter.ts';
import type { Calendar } from './limits/calendar.ts';
import type { Settings } from './options.ts';
import type { Clock } from './ports/clock.ts';
import type { Mailer } from './ports/mailer.ts';
import type { RandomSource } from './ports/random-source.ts';
import type { RateLimitStore } from './ports/rate-limit-store.ts';
import type { Storage } from './ports/storage.ts';
import type { Cursors } from './signing/cursors.ts';
import type { InviteLinks } from './signing/invite-links.ts';

/** What every feature works with. One is built at construction and never changes. */
export interface Context {
  readonly storage: Storage;
  readonly rateLimits: RateLimitStore;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly links: InviteLinks;
  readonly cursors: Cursors;
  readonly calendar: Calendar;
  readonly events: EventEmitter;
  readonly settings: Settings;
  /** Sends what waits in the outbox, in the background. */
  wakeDelivery(): void;
}
