import * as z from 'zod/mini';
import { checkOptions, type OptionRules } from '../access/check-options.ts';
import { inputObject } from '../access/input-object.ts';
import { idSchema } from '../access/input-schemas.ts';
import { callback, hasMethods } from '../access/option-rules.ts';
import { parseInput } from '../access/parse-input.ts';
import { requireMember } from '../access/require-admin.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import { defaults } from '../options.ts';
import type { Clock } from '../ports/clock.ts';
import type { RandomSource } from '../ports/random-source.ts';
import type { Storage, StorageScope } from '../ports/storage.ts';
import { newId } from '../system/new-id.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemRandom } from '../system/system-random.ts';
import { createDeadline } from '../transactions/deadline.ts';
import { createTurns } from '../transactions/turns.ts';
import { scopeWithDeadline } from '../transactions/with-deadline.ts';

/** What `new OrgUserSupport()` takes. */
export interface OrgUserSupportOptions {
  /** The storage that the manager uses. */
  readonly storage: Storage;
  /** Time. Default: the system's. */
  readonly clock?: Clock | undefined;
  /** Random bytes. Default: the system's secure ones. */
  readonly random?: RandomSource | undefined;
}

/** What `restore` takes. */
export interface RestoreInput {
  readonly orgId: string;
  /** The disabled member. */
  readonly userId: string;
  /** Who at the operator does this; written to the audit log. */
  readonly operator: string;
  /** Why; written to the audit log. 1 to 500 characters. */
  readonly reason: string;
}

const rules: OptionRules<OrgUserSupportOptions> = {
  storage: { ...hasMethods('transaction', 'load'), required: true },
  clock: hasMethods('now', 'schedule'),
  random: callback,
};

const restoreSchema = inputObject({
  orgId: idSchema,
  userId: idSchema,
  operator: idSchema,
  reason: z.string('must be a string').check(
    z.trim(),
    z.refine(({ length }) => length >= 1 && length <= 500, 'must have 1 to 500 characters'),
  ),
});

/**
 * What organization admins cannot do. Keep it out of reach of your users: nothing in the HTTP
 * handler, the guards or the manager leads here.
 *
 * @example
 * import { sqliteStorage } from 'org-user-manager/sqlite';
 * import { OrgUserSupport } from 'org-user-manager/support';
 *
 * const support = new OrgUserSupport({ storage: sqliteStorage({ filename: 'app.sqlite' }) });
 * await support.restore({ orgId: 'acme', userId: 'u_7', operator: 'desk-2', reason: 'Ticket 4711' });
 */
export class OrgUserSupport {
  readonly #storage: StorageScope;
  readonly #clock: Clock;
  readonly #random: RandomSource;

  /** Opens no connection. Throws `invalid_options`. */
  constructor(options: OrgUserSupportOptions) {
    const { storage, clock, random } = checkOptions(options, rules, {
      clock: systemClock,
      random: systemRandom,
    });
    const within = createDeadline(clock, defaults.storageDeadlineMs);
    this.#storage = scopeWithDeadline(storage, within, createTurns(storage, clock));
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Brings a disabled member back, as an ordinary member: an admin role has to be given again.
   * Restoring an active member changes nothing.
   * Throws `member_not_found`, `member_limit_reached`, `conflict`, `invalid_input`, and `unavailable`
   * when the storage fails or has no answer within two seconds.
   */
  async restore(input: RestoreInput): Promise<void> {
    const { orgId, userId, operator, reason } = parseInput(restoreSchema, input);
    await this.#storage.transaction(orgId, async (tx) => {
      const standing = await tx.load({ orgId, userIds: [userId] });
      const from = requireMember(standing, userId);
      if (from.status === 'active') return;
      const to = { role: 'member', status: 'active', disabledAt: null } as const;
      const result = await tx.updateMember(from, { ...from, ...to });
      if (result === 'member_limit_reached') {
        const limit = standing.organization?.memberLimit ?? 0;
        throw new OrgUserManagerError(result, { limit });
      }
      if (result !== 'updated') throw new OrgUserManagerError('conflict', {});
      const id = newId({ clock: this.#clock, random: this.#random });
      const at = this.#clock.now();
      const action = 'member.restored';
      await tx.insertAuditEntries([
        { id, orgId, at, actor: operator, action, subject: userId, reason },
      ]);
    });
  }
}
