import type { Context } from './context.ts';
import { createContext } from './create-context.ts';
import type { EventListener } from './events/emitter.ts';
import type { EventName } from './events/event-map.ts';
import type { Acceptance, AcceptInput } from './invitations/accept.ts';
import type { BulkExtractInput, BulkExtractReport } from './invitations/bulk-extract.ts';
import type { DeclineInput } from './invitations/decline.ts';
import type { InviteInput } from './invitations/invite.ts';
import type { InviteManyInput } from './invitations/invite-many.ts';
import type { ListInvitationsInput } from './invitations/list-invitations.ts';
import type { PreviewInvitationInput } from './invitations/preview-invitation.ts';
import type { ResendInput } from './invitations/resend.ts';
import type { RevokeInput } from './invitations/revoke.ts';
import type { SetLimitInput } from './limits/set-limit.ts';
import { createDelivery, type Delivery } from './mail/delivery.ts';
import type { ListMembersInput } from './members/list-members.ts';
import type { MemberInput } from './members/member-input.ts';
import type { InvitationPreview, InvitationView } from './model/invitation-view.ts';
import type { BulkInviteResult, InviteResult } from './model/invite-result.ts';
import type { MemberView } from './model/member-view.ts';
import type { Page } from './model/page.ts';
import type { UsageDecision } from './model/usage-decision.ts';
import type { UsageLimit } from './model/usage-limit.ts';
import type { UsageReport } from './model/usage-report.ts';
import type { OrgUserManagerOptions, Settings } from './options.ts';
import type { CreateOrganizationInput } from './organizations/create-organization.ts';
import { type ConsumeInput, consume } from './usage/consume.ts';
import type { UsageInput } from './usage/usage.ts';

const features = () => import('./features.ts');

/**
 * "Manage users" for the organizations of a B2B product: invitations, members, usage limits.
 *
 * Every method takes one object and checks it whole before anything is touched: bad input throws
 * `invalid_input` and changes nothing. Administrative calls name their `actor` and throw
 * `not_a_member`, `member_disabled` or `not_an_admin` unless that is an active admin. Ids of another
 * organization behave like unknown ones. Every change is one transaction with its audit entry.
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
export class OrgUserManager {
  readonly #context: Context;
  readonly #delivery: Delivery;

  /** Parses the options once. Throws `invalid_options`. Opens no connection. */
  constructor(options: OrgUserManagerOptions) {
    const context = createContext(options);
    this.#delivery = createDelivery(context);
    this.#context = { ...context, wakeDelivery: this.#delivery.wake };
  }

  /** The options with their defaults, without the secrets, for whoever mounts the manager. */
  get settings(): Settings {
    return this.#context.settings;
  }

  /**
   * Brings the database schema up to date, then sends what an earlier process left in the outbox.
   * Several processes may call it at once.
   */
  async migrate(): Promise<void> {
    await this.#context.storage.migrate();
    this.#delivery.wake();
  }

  /** Finishes the mails being sent, then closes mailer, counters and storage. */
  async close(): Promise<void> {
    const { mailer, rateLimits, storage } = this.#context;
    await this.#delivery.stop();
    await mailer.close?.();
    await rateLimits.close?.();
    await storage.close();
  }

  /**
   * Calls `listener` after each commit that `name` tells of; returns the way to unsubscribe.
   * Events hold ids only. What a listener throws goes to `onError`.
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

  /** Creates an organization with its first admin. Throws `organization_exists`. */
  async createOrganization(input: CreateOrganizationInput): Promise<void> {
    const { createOrganization } = await features();
    return createOrganization(this.#context, input);
  }

  /**
   * Invites one address; the mail leaves after the commit, and a failing mailer never fails the call.
   * An address that is already pending, a member or disabled is an answer, not an error.
   */
  async invite(input: InviteInput): Promise<InviteResult> {
    const { invite } = await features();
    return invite(this.#context, input);
  }

  /** Finds the addresses in any text and says what inviting them would meet. Writes nothing. */
  async bulkExtract(input: BulkExtractInput): Promise<BulkExtractReport> {
    const { bulkExtract } = await features();
    return bulkExtract(this.#context, input);
  }

  /** Invites many addresses in one transaction; one result for each entry, in order. */
  async inviteMany(input: InviteManyInput): Promise<readonly BulkInviteResult[]> {
    const { inviteMany } = await features();
    return inviteMany(this.#context, input);
  }

  /** One page of invitations, newest first, each with its link. Throws `invalid_cursor`. */
  async listInvitations(input: ListInvitationsInput): Promise<Page<InvitationView>> {
    const { listInvitations } = await features();
    return listInvitations(this.#context, input);
  }

  /**
   * Sends a pending invitation again and renews its life. The link stays unless `rotate` is given.
   * Throws `invitation_not_found`, `invitation_unusable`, `resend_too_soon`, `already_a_member`.
   */
  async resend(input: ResendInput): Promise<InvitationView> {
    const { resend } = await features();
    return resend(this.#context, input);
  }

  /** Kills an invitation and its link. Throws `invitation_not_found`, `invitation_unusable`. */
  async revoke(input: RevokeInput): Promise<void> {
    const { revoke } = await features();
    return revoke(this.#context, input);
  }

  /** Looks at a link without using it. Throws `invitation_unusable`. */
  async previewInvitation(input: PreviewInvitationInput): Promise<InvitationPreview> {
    const { previewInvitation } = await features();
    return previewInvitation(this.#context, input);
  }

  /**
   * Makes the invited person a member. Repeating it with the same account is safe.
   * Throws `invitation_unusable`, `wrong_account`, `email_not_verified`, `already_a_member`,
   * `member_disabled`, `member_limit_reached`; each of them leaves the invitation as it was.
   */
  async accept(input: AcceptInput): Promise<Acceptance> {
    const { accept } = await features();
    return accept(this.#context, input);
  }

  /** Turns the invitation down. Throws what `accept` throws for the token and the account. */
  async decline(input: DeclineInput): Promise<void> {
    const { decline } = await features();
    return decline(this.#context, input);
  }

  /** One page of members with their current usage. Throws `invalid_cursor`. */
  async listMembers(input: ListMembersInput): Promise<Page<MemberView>> {
    const { listMembers } = await features();
    return listMembers(this.#context, input);
  }

  /** One member (View). A member may look at themselves. Throws `member_not_found`. */
  async member(input: MemberInput): Promise<MemberView> {
    const { member } = await features();
    return member(this.#context, input);
  }

  /**
   * Sets a member's daily and monthly limit over all activities; the next request counts against it.
   * Throws `member_not_found`, `member_disabled`.
   */
  async setLimit(input: SetLimitInput): Promise<UsageLimit> {
    const { setLimit } = await features();
    return setLimit(this.#context, input);
  }

  /** Makes a member an admin. Throws `member_not_found`, `member_disabled`. */
  async promote(input: MemberInput): Promise<void> {
    const { promote } = await features();
    return promote(this.#context, input);
  }

  /** Makes an admin a member. Throws `member_not_found`, `member_disabled`, `last_admin`. */
  async demote(input: MemberInput): Promise<void> {
    const { demote } = await features();
    return demote(this.#context, input);
  }

  /**
   * Revokes a member's access: every check that begins after this resolves is refused. There is no
   * way back except `OrgUserSupport.restore`. Throws `member_not_found`, `last_admin`.
   */
  async disable(input: MemberInput): Promise<void> {
    const { disable } = await features();
    return disable(this.#context, input);
  }

  /**
   * Charges a member's usage, all windows or none. A refusal is a value: `limit_exceeded`,
   * `member_disabled` or `not_a_member`.
   */
  consume(input: ConsumeInput): Promise<UsageDecision> {
    return consume(this.#context, input);
  }

  /** What a member, or the organization, used today and this month. */
  async usage(input: UsageInput): Promise<UsageReport> {
    const { usage } = await features();
    return usage(this.#context, input);
  }
}
