import { features } from '#features';
import type { Context } from './context.ts';
import type { Acceptance, AcceptInput } from './invitations/accept.ts';
import type { BulkExtractInput, BulkExtractReport } from './invitations/bulk-extract.ts';
import type { DeclineInput } from './invitations/decline.ts';
import type { InviteInput } from './invitations/invite.ts';
import type { InviteManyInput } from './invitations/invite-many.ts';
import type { ListInvitationsInput } from './invitations/list-invitations.ts';
import type { PreviewInvitationInput } from './invitations/preview-invitation.ts';
import type { ResendInput } from './invitations/resend.ts';
import type { RevokeInput } from './invitations/revoke.ts';
import type { SetAllocationInput } from './limits/set-allocation.ts';
import type { SetLimitInput } from './limits/set-limit.ts';
import type { DisableInput } from './members/disable.ts';
import type { ListMembersInput } from './members/list-members.ts';
import type { MemberInput } from './members/member-input.ts';
import type { ChargeOutcome, ReserveOutcome } from './model/charge-outcome.ts';
import type { GuardedCharge } from './model/guarded-charge.ts';
import type { InvitationHandover } from './model/invitation-handover.ts';
import type { InvitationPreview, InvitationView } from './model/invitation-view.ts';
import type { InvitePolicy } from './model/invite-policy.ts';
import type { BulkInviteResult, InviteResult } from './model/invite-result.ts';
import type { LimitPreview } from './model/limit-preview.ts';
import type { MemberView } from './model/member-view.ts';
import type { OrganizationView } from './model/organization-view.ts';
import type { Page } from './model/page.ts';
import type { RecordedUsage } from './model/recorded-usage.ts';
import type { ReserveDecision, SettledReservation } from './model/reservation.ts';
import type { UsageDecision } from './model/usage-decision.ts';
import type { UsageHealth } from './model/usage-health.ts';
import type { UsageHistory } from './model/usage-history.ts';
import type { UsageLimit } from './model/usage-limit.ts';
import type { UsageReport } from './model/usage-report.ts';
import type { CreateOrganizationInput } from './organizations/create-organization.ts';
import type { OrganizationInput } from './organizations/organization.ts';
import type { SetInvitePolicyInput } from './organizations/set-invite-policy.ts';
import type { SetTimeZoneInput, TimeZoneSetting } from './organizations/set-time-zone.ts';
import type { MaybePromise } from './ports/maybe-promise.ts';
import { type ConsumeInput, consume, consumeNow, tryToConsume } from './usage/consume.ts';
import type { RecordInput } from './usage/record.ts';
import type { ReserveInput } from './usage/reserve.ts';
import type { SettleReservationInput } from './usage/settle-reservation.ts';
import type { UsageInput } from './usage/usage.ts';
import type { UsageHealthInput } from './usage/usage-health.ts';
import type { UsageHistoryInput } from './usage/usage-history.ts';

/**
 * The calls of a manager, on its storage or inside a transaction of the host.
 *
 * Every method takes one object and checks its own properties, whole, before anything is touched: bad
 * input throws `invalid_input` and changes nothing. Inherited properties are not read. Administrative
 * calls name their `actor` and throw `not_a_member`, `member_disabled` or `not_an_admin` unless that is
 * an active admin. Ids of another organization behave like unknown ones. Every change is one transaction
 * with its audit entry.
 *
 * A storage that fails or does not answer in time throws `unavailable`, and whoever loses against
 * others again and again gets `conflict`: both are worth another try.
 */
export class OrgUserOperations {
  readonly #context: Context;

  /** @internal Made by the manager. */
  constructor(context: Context) {
    this.#context = context;
  }

  /** Creates an organization with its first admin. Throws `organization_exists`. */
  async createOrganization(input: CreateOrganizationInput): Promise<void> {
    const { createOrganization } = await features();
    return createOrganization(this.#context, input);
  }

  /** The organization (View): its limits, its seats, its invite policy. */
  async organization(input: OrganizationInput): Promise<OrganizationView> {
    const { organization } = await features();
    return organization(this.#context, input);
  }

  /**
   * Sets which domains may be invited from now on, and the role and limits of the invited. Invitations
   * that are pending stay as they are, but are resent only if their domain may still be invited.
   */
  async setInvitePolicy(input: SetInvitePolicyInput): Promise<InvitePolicy> {
    const { setInvitePolicy } = await features();
    return setInvitePolicy(this.#context, input);
  }

  /**
   * Sets what the organization may consume in all, a day and a month; the next request counts against
   * it. Where you sell it, let only the system actor in.
   */
  async setAllocation(input: SetAllocationInput): Promise<UsageLimit> {
    const { setAllocation } = await features();
    return setAllocation(this.#context, input);
  }

  /** What `setAllocation` would do now: whether it would block everybody, and until when. Writes nothing. */
  async previewAllocation(input: SetAllocationInput): Promise<LimitPreview> {
    const { previewAllocation } = await features();
    return previewAllocation(this.#context, input);
  }

  /**
   * Sets the organization's time zone. The running day and month go on until they end, and no date
   * has two allowances, however often the zone changes.
   */
  async setTimeZone(input: SetTimeZoneInput): Promise<TimeZoneSetting> {
    const { setTimeZone } = await features();
    return setTimeZone(this.#context, input);
  }

  /**
   * Invites one address; the mail leaves after the commit, and a failing mailer never fails the call.
   * An address that is already pending, a member, disabled or not to be invited is an answer, not an
   * error.
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

  /**
   * Invites many addresses in one transaction; one result for each entry, in order. Those that can be
   * invited are, whatever becomes of the others. Throws `invalid_plan`, `idempotency_key_reused`.
   */
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
   * Throws `invitation_not_found`, `invitation_unusable`, `resend_too_soon`, `already_a_member`,
   * `member_disabled`, `domain_not_allowed`, `member_limit_reached`, and for an expired one
   * `pending_limit_reached`.
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

  /**
   * The dry run of `setLimit`: whether it would block the member now, and until when. Writes nothing.
   * Throws `member_not_found`, `member_disabled`.
   */
  async previewLimit(input: SetLimitInput): Promise<LimitPreview> {
    const { previewLimit } = await features();
    return previewLimit(this.#context, input);
  }

  /** Makes a member an admin. Throws `member_not_found`, `member_disabled`. */
  async promote(input: MemberInput): Promise<void> {
    const { promote } = await features();
    return promote(this.#context, input);
  }

  /**
   * Makes an admin a member, and revokes their pending invitations to the admin role.
   * Throws `member_not_found`, `member_disabled`, `last_admin`.
   */
  async demote(input: MemberInput): Promise<void> {
    const { demote } = await features();
    return demote(this.#context, input);
  }

  /**
   * Revokes a member's access: every check that begins after this resolves is refused. There is no
   * way back except `OrgUserSupport.restore`. Their pending invitations are revoked in the same
   * transaction, or kept by the actor with `keepInvitations`; the answer counts both. A member who is
   * disabled already stays as they are. Throws `member_not_found`, `last_admin`.
   */
  async disable(input: DisableInput): Promise<InvitationHandover> {
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

  /**
   * Like `consume`, before anybody looks at it.
   * @internal For routes.
   */
  tryToConsume(input: ConsumeInput): Promise<ChargeOutcome> {
    return tryToConsume(this.#context, input);
  }

  /**
   * Like `consume`, before anybody looks at it, and at once when nothing has to be waited for.
   * @internal For guards, which have checked all but the cost.
   */
  consumeNow(input: GuardedCharge): MaybePromise<ChargeOutcome> {
    return consumeNow(this.#context, input);
  }

  /**
   * Counts usage that has happened, whatever the limits say; later charges are refused. Units below 0
   * take back what was counted too much. Throws `member_not_found`.
   */
  async record(input: RecordInput): Promise<RecordedUsage> {
    const { record } = await features();
    return record(this.#context, input);
  }

  /**
   * Charges an estimate for work whose cost is known afterwards; a refusal is a value, as for
   * `consume`. The reservation that comes with the answer is settled when the work is done, and
   * given back after `ttlMs` if it never is.
   */
  async reserve(input: ReserveInput): Promise<ReserveDecision> {
    const { reserve } = await features();
    return reserve(this.#context, input);
  }

  /**
   * Like `reserve`, before anybody looks at it.
   * @internal For guards.
   */
  async setAside(input: ReserveInput): Promise<ReserveOutcome> {
    const { setAside } = await features();
    return setAside(this.#context, input);
  }

  /**
   * Settles a reservation by its token, in any process. Throws `invalid_reservation` for a token that
   * is not ours, and a day after the expiry.
   */
  async settleReservation(input: SettleReservationInput): Promise<SettledReservation> {
    const { settleReservation } = await features();
    return settleReservation(this.#context, input);
  }

  /**
   * Warns of limits that do not limit, of odd ones, and of usage that is not counted: that no individual
   * limits are configured, so that one member may consume the whole allocation, before all.
   */
  async usageHealth(input: UsageHealthInput): Promise<UsageHealth> {
    const { usageHealth } = await features();
    return usageHealth(this.#context, input);
  }

  /** What a member, or the organization, used day by day, in all and by activity. */
  async usageHistory(input: UsageHistoryInput): Promise<UsageHistory> {
    const { usageHistory } = await features();
    return usageHistory(this.#context, input);
  }

  /** What a member, or the organization, used today and this month. */
  async usage(input: UsageInput): Promise<UsageReport> {
    const { usage } = await features();
    return usage(this.#context, input);
  }
}
