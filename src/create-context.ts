import type { SharedContext } from './context.ts';
import { createEmitter } from './events/emitter.ts';
import { createCalendar } from './limits/calendar.ts';
import { type OrgUserManagerOptions, parseOptions } from './options.ts';
import { createCursors } from './signing/cursors.ts';
import { createInviteLinks } from './signing/invite-links.ts';
import { createInvitePlans } from './signing/invite-plans.ts';
import { createReservationTokens } from './signing/reservation-tokens.ts';
import { createDeadline } from './transactions/deadline.ts';
import {
  countersWithDeadline,
  outboxWithDeadline,
  scopeWithDeadline,
} from './transactions/with-deadline.ts';

/** Builds what the features share. Opens and starts nothing. */
export function createContext(options: OrgUserManagerOptions): SharedContext {
  const { secrets, ...settings } = parseOptions(options);
  const { storage, rateLimitStore, mailer, clock, random, baseUrl, onError } = settings;
  const within = createDeadline(clock, settings.storageDeadlineMs);
  return {
    storage: scopeWithDeadline(storage, within),
    outbox: outboxWithDeadline(storage.outbox, within),
    rateLimits: countersWithDeadline(rateLimitStore, within),
    mailer,
    clock,
    random,
    links: createInviteLinks(secrets, `${baseUrl}/join`),
    cursors: createCursors(secrets),
    plans: createInvitePlans(secrets),
    reservationTokens: createReservationTokens(secrets),
    calendar: createCalendar(),
    events: createEmitter(onError),
    settings: Object.freeze(settings),
    within,
    // The storage has committed before it answers.
    afterCommit: (_auditEntryId, task) => task(),
  };
}
