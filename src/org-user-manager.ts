import type { Context } from './context.ts';
import { createContext } from './create-context.ts';
import type { EventListener } from './events/emitter.ts';
import type { EventName } from './events/event-map.ts';
import { createDelivery, type Delivery } from './mail/delivery.ts';
import type { OrgUserManagerOptions, Settings } from './options.ts';
import { OrgUserOperations } from './org-user-operations.ts';
import { withoutDeadline } from './transactions/deadline.ts';
import { createHostCommits, type HostCommits } from './transactions/host-commits.ts';
import { inHostTransaction } from './transactions/in-host-transaction.ts';
import { createPostponedTasks } from './transactions/postponed-tasks.ts';
import { createClockCheck } from './usage/clock-check.ts';
import { createCounterSweep } from './usage/counter-sweep.ts';
import { createExpiredReservations } from './usage/expired-reservations.ts';

/**
 * "Manage users" for the organizations of a B2B product: invitations, members, usage limits.
 *
 * @example
 * import { OrgUserManager } from 'org-user-manager';
 * import { consoleMailer } from 'org-user-manager/console-mailer';
 * import { sqliteStorage } from 'org-user-manager/sqlite';
 *
 * const manager = new OrgUserManager({
 *   storage: sqliteStorage({ filename: 'app.sqlite' }),
 *   mailer: consoleMailer(),
 *   secret: process.env.ORG_SECRET ?? '',
 *   baseUrl: 'https://app.example.com/org',
 * });
 * await manager.migrate();
 */
export class OrgUserManager extends OrgUserOperations {
  readonly #context: Context;
  readonly #delivery: Delivery;
  readonly #hostCommits: HostCommits;

  /** Parses the options once. Throws `invalid_options`. Opens no connection. */
  constructor(options: OrgUserManagerOptions) {
    const shared = createContext(options);
    const expired = createExpiredReservations(shared);
    const postponed = createPostponedTasks();
    const chores = [
      expired.giveBackAll,
      postponed.runAll,
      createCounterSweep(shared),
      createClockCheck(shared),
    ];
    const delivery = createDelivery(shared, chores);
    const context = {
      ...shared,
      wakeDelivery: delivery.wake,
      noteExpiry: expired.note,
      postpone: postponed.add,
      giveBackExpired: expired.giveBackIn,
    };
    super(context);
    this.#context = context;
    this.#delivery = delivery;
    this.#hostCommits = createHostCommits(context);
  }

  /** The options with their defaults, without the secrets, for whoever mounts the manager. */
  get settings(): Settings {
    return this.#context.settings;
  }

  /**
   * Brings the database schema up to date, then sends what an earlier process left in the outbox.
   * Several processes may call it at once, and where the schema is up to date it needs no right to
   * change it. Call it outside of your own migrations and transactions.
   *
   * Throws `schema_outdated` when a newer version of this package has made a breaking migration,
   * `schema_mismatch` when a table is not as this package creates it, `migration_denied` when the database
   * does not let this user change the schema, `unsupported_setting` where the database is set so that a
   * promise would not hold, and `unavailable` with the `cause` of any other failure.
   */
  async migrate(): Promise<void> {
    await withoutDeadline(() => this.settings.storage.migrate(), undefined);
    this.#delivery.wake();
  }

  /** Finishes the mails being sent, then closes mailer, counters and storage. */
  async close(): Promise<void> {
    const { mailer, storage } = this.settings;
    this.#hostCommits.stop();
    await this.#delivery.stop();
    await mailer.close?.();
    await this.#context.rateLimits.close?.();
    await storage.close();
  }

  /**
   * The same calls inside a transaction that the host has opened: what they write is committed or
   * undone with it. Nothing begins or commits, a refused call undoes only itself, and mails and
   * events go out once the host has committed, never before.
   *
   * The transaction is the storage's kind: for `kyselyStorage`, a Kysely transaction of the same
   * database. Counters in a store of their own are charged at once. When a call throws `conflict`,
   * the transaction lost against another one or has ended: start all of it again; after `unavailable`, undo
   * it. Wait for each call before you go on:
   * it is undone with a savepoint, and so is whatever you write meanwhile. Throws `invalid_input` for
   * anything but a transaction of such a database, and for storages that have none to share.
   *
   * @example
   * await db.transaction().execute(async (trx) => {
   *   await trx.insertInto('project').values({ id, org_id: orgId }).execute();
   *   await manager.using(trx).invite({ orgId, actor, email });
   * });
   */
  using(transaction: object): OrgUserOperations {
    return new OrgUserOperations(inHostTransaction(this.#context, this.#hostCommits, transaction));
  }

  /**
   * Calls `listener` after each commit that `name` tells of; returns the way to unsubscribe.
   * Events hold ids only. What a listener throws goes to `onError`. The event of a call is heard in the
   * call's asynchronous context (`AsyncLocalStorage`). The background's are heard in the one in which
   * the manager was made: mails, outages, and calls inside your transactions.
   */
  on<Name extends EventName>(name: Name, listener: EventListener<Name>): () => void {
    return this.#context.events.on(name, listener);
  }

  /**
   * Sends every mail that is due and resolves when none is left. Not needed in a long-running
   * process, which sends after each commit and retries by itself; call it where a process may be
   * stopped between requests, and in tests.
   */
  deliverMail(): Promise<void> {
    return this.#delivery.drain();
  }
}
