import type { Outbox } from '../../../src/index.ts';
import { mailKey, type State } from './state.ts';

/** The outbox over the state's mails. */
export function memoryOutbox({ mails }: State): Outbox {
  const queued = () => [...mails.values()].filter(({ state }) => state === 'queued');
  return {
    async claim({ claimId, now, leaseUntil, limit }) {
      const claimed = queued()
        .filter((mail) => mail.nextAttemptAt <= now)
        .sort((a, b) => a.createdAt - b.createdAt)
        .slice(0, limit)
        .map((mail) => ({
          ...mail,
          claimId,
          nextAttemptAt: leaseUntil,
          attempts: mail.attempts + 1,
        }));
      for (const mail of claimed) mails.set(mailKey(mail), mail);
      return claimed;
    },
    async settle(key, claimId, outcome) {
      const mail = mails.get(mailKey(key));
      if (mail?.claimId !== claimId) return;
      mails.set(mailKey(key), { ...mail, ...outcome, claimId: null });
    },
    async nextDueAt() {
      const times = queued().map(({ nextAttemptAt }) => nextAttemptAt);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
