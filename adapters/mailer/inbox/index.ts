import type { Mailer } from '../../../src/index.ts';
import { createHandler } from './handler.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { type InboxMailerOptions, parseInboxOptions } from './options.ts';

export type { InboxMessage } from './inbox-message.ts';
export type { InboxFilter } from './mailbox.ts';
export type { InboxMailerOptions } from './options.ts';

/** A mailer whose mails can be read back. */
export interface InboxMailer extends Mailer {
  /** The mails kept, newest first. */
  messages: Mailbox['messages'];
  /** Forgets every mail. */
  clear: Mailbox['clear'];
  /**
   * The newest mail that matches, or the next one that does. Rejects with a `TimeoutError`
   * (`DOMException`) when none came within `timeoutMs` (default: 5,000), and with whatever the
   * predicate throws.
   */
  waitFor: Mailbox['waitFor'];
  /**
   * The inbox in the browser, as a fetch-style handler for any mount path: `<mount>/` is the page,
   * `GET <mount>/messages.json` answers `{ messages: InboxMessage[] }` for tests and
   * `DELETE <mount>/messages.json` empties it.
   */
  handler: (request: Request) => Promise<Response>;
}

/**
 * A mailer for development and tests that keeps mails in memory and shows them on a page, instead
 * of sending them.
 *
 * Throws `invalid_options` for wrong or unknown options, and when `NODE_ENV` is `production` without
 * `allowInProduction: true`: everyone who reaches the page can use every invitation.
 *
 * @example
 * const inbox = inboxMailer();
 * const manager = new OrgUserManager({ storage, secret, baseUrl, mailer: inbox });
 * const { links } = await inbox.waitFor({ to: 'robin@example.org' });
 */
export function inboxMailer(options: InboxMailerOptions = {}): InboxMailer {
  const { add, messages, clear, waitFor } = createMailbox(parseInboxOptions(options));
  return {
    async send(message) {
      add(message);
    },
    messages,
    clear,
    waitFor,
    handler: createHandler({ messages, clear }),
  };
}
