import { ownFields } from '../../../src/access/own-fields.ts';
import type { MailMessage } from '../../../src/index.ts';
import { hold } from '../../../src/system/event-loop.ts';
import { findLinks } from './find-links.ts';
import type { InboxMessage } from './inbox-message.ts';
import type { InboxSettings } from './options.ts';

/** Which mail is meant: to whom it went (letter case ignored), or any test of your own. */
export type InboxFilter = { readonly to: string } | ((message: InboxMessage) => boolean);

/** The mails in memory, oldest first, and those who wait for one. */
export interface Mailbox {
  add(mail: MailMessage): void;
  /** Newest first. */
  messages(): readonly InboxMessage[];
  clear(): void;
  waitFor(filter: InboxFilter, options?: { readonly timeoutMs?: number }): Promise<InboxMessage>;
}

/** An empty mailbox. */
export function createMailbox({ capacity, now }: InboxSettings): Mailbox {
  const kept: InboxMessage[] = [];
  const waiting = new Set<(message: InboxMessage) => void>();
  let received = 0;

  return {
    add({ to, subject, text, html, messageId }) {
      received += 1;
      const message: InboxMessage = Object.freeze({
        id: String(received),
        to,
        subject,
        text,
        html,
        messageId,
        receivedAt: now(),
        links: Object.freeze(findLinks(html)),
      });
      kept.push(message);
      if (kept.length > capacity) kept.shift();
      for (const offer of [...waiting]) offer(message);
    },
    messages: () => kept.toReversed(),
    clear() {
      kept.length = 0;
    },
    async waitFor(filter, options = {}) {
      const { timeoutMs = 5000 } = ownFields(options, ['timeoutMs']);
      const matches = toPredicate(filter);
      return kept.findLast(matches) ?? nextMatch({ matches, waiting, timeoutMs });
    },
  };
}

function toPredicate(filter: InboxFilter): (message: InboxMessage) => boolean {
  if (typeof filter === 'function') return filter;
  const address = filter.to.toLowerCase();
  return ({ to }) => to.toLowerCase() === address;
}

function nextMatch({
  matches,
  waiting,
  timeoutMs,
}: {
  matches: (message: InboxMessage) => boolean;
  waiting: Set<(message: InboxMessage) => void>;
  timeoutMs: number;
}): Promise<InboxMessage> {
  return new Promise((resolve, reject) => {
    // Real time, also where the test has faked timers.
    const expiry = AbortSignal.timeout(timeoutMs);
    // The timer of a signal lets the process end.
    const release = hold();
    expiry.addEventListener('abort', () => {
      end();
      reject(new DOMException(`no such mail arrived within ${timeoutMs} ms`, 'TimeoutError'));
    });

    // A predicate that throws fails the one who waits, not the one who sends.
    function offer(message: InboxMessage): void {
      try {
        if (!matches(message)) return;
        resolve(message);
      } catch (error) {
        reject(error);
      }
      end();
    }

    function end(): void {
      if (waiting.delete(offer)) release();
    }
    waiting.add(offer);
  });
}
