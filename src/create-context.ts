import type { SharedContext } from './context.ts';
import { type Counters, plainCounters } from './counters/counters.ts';
import { withOutagePolicy } from './counters/outage-policy.ts';
import { createEmitter, type EventEmitter } from './events/emitter.ts';
import { createCalendar } from './limits/calendar.ts';
import { isMembersCounter } from './limits/is-members-counter.ts';
import { isKeyCounter } from './limits/key-counters.ts';
import { type OrgUserManagerOptions, parseOptions, type Settings } from './options.ts';
import { createCursors } from './signing/cursors.ts';
import { createInviteLinks } from './signing/invite-links.ts';
import { createInvitePlans } from './signing/invite-plans.ts';
import { createReservationTokens } from './signing/reservation-tokens.ts';
import { ownClock } from './system/own-clock.ts';
import { createDeadline, type WithinDeadline } from './transactions/deadline.ts';
import { createTurns } from './transactions/turns.ts';
import {
  countersWithDeadline,
  outboxWithDeadline,
  scopeWithDeadline,
} from './transactions/with-deadline.ts';

/** Builds what the features share. Opens and starts nothing. */
export function createContext(options: OrgUserManagerOptions): SharedContext {
  const { secrets, ...settings } = parseOptions(options);
  const { storage, mailer, random, baseUrl, onError } = settings;
  const clock = ownClock(settings.clock);
  const within = createDeadline(clock, settings.storageDeadlineMs);
  const events = createEmitter(onError);
  const counters = createCounters({ ...settings, clock }, within, events);
  return {
    storage: scopeWithDeadline(storage, within, createTurns(storage, clock)),
    outbox: outboxWithDeadline(storage.outbox, within),
    rateLimits: counters,
    mailer,
    clock,
    random,
    links: createInviteLinks(secrets, `${baseUrl}/join`),
    cursors: createCursors(secrets),
    plans: createInvitePlans(secrets),
    reservationTokens: createReservationTokens(secrets),
    calendar: createCalendar(),
    waitingSettlements: new Map(),
    events,
    settings: Object.freeze(settings),
    within,
    // The storage has committed before it answers.
    afterCommit: (_entry, task) => task(),
  };
}

/** Counters in the storage are a part of it; those elsewhere have a deadline and a policy of their own. */
function createCounters(
  settings: Settings,
  within: WithinDeadline,
  events: EventEmitter,
): Counters {
  const { storage, rateLimitStore, rateLimitDeadlineMs, onStoreError, clock, onError } = settings;
  if (rateLimitStore === storage.rateLimits) {
    return plainCounters(countersWithDeadline(rateLimitStore, within));
  }
  return withOutagePolicy(rateLimitStore, {
    policy: onStoreError,
    within: createDeadline(clock, rateLimitDeadlineMs),
    clock,
    isMembers: isMembersCounter,
    isOnce: isKeyCounter,
    onFailed: () => events.emit('usage.store_failed', { at: clock.now() }),
    onRecovered: (outage) => events.emit('usage.store_recovered', { at: clock.now(), ...outage }),
    onError,
  });
}
