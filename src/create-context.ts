import type { Context } from './context.ts';
import { createEmitter } from './events/emitter.ts';
import { createCalendar } from './limits/calendar.ts';
import { type OrgUserManagerOptions, parseOptions } from './options.ts';
import { createCursors } from './signing/cursors.ts';
import { createInviteLinks } from './signing/invite-links.ts';

/** Builds what the features share. Opens and starts nothing. */
export function createContext(options: OrgUserManagerOptions): Omit<Context, 'wakeDelivery'> {
  const { secrets, ...settings } = parseOptions(options);
  const { storage, rateLimitStore, mailer, clock, random, baseUrl, onError } = settings;
  return {
    storage,
    rateLimits: rateLimitStore,
    mailer,
    clock,
    random,
    links: createInviteLinks(secrets, `${baseUrl}/join`),
    cursors: createCursors(secrets),
    calendar: createCalendar(),
    events: createEmitter(onError),
    settings: Object.freeze(settings),
  };
}
