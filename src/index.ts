/**
 * "Manage users" for B2B Node apps: invitations, members, and usage limits with an honest 429.
 *
 * @module
 */
import './system/require-node.ts';

export type { ErrorCode, ErrorDetails, InputIssue, MismatchedTable } from './errors/index.ts';
export {
  isOrgUserManagerError,
  OrgUserManagerError,
  toOrgUserManagerError,
} from './errors/index.ts';
export type { EventListener } from './events/emitter.ts';
export type { EventMap, EventName } from './events/event-map.ts';
export type { Acceptance, AcceptInput } from './invitations/accept.ts';
export type {
  BulkExtractEntry,
  BulkExtractInput,
  BulkExtractReport,
} from './invitations/bulk-extract.ts';
export type { DeclineInput } from './invitations/decline.ts';
export type { InviteInput } from './invitations/invite.ts';
export type { InviteManyInput } from './invitations/invite-many.ts';
export type { ListInvitationsInput } from './invitations/list-invitations.ts';
export type { PreviewInvitationInput } from './invitations/preview-invitation.ts';
export type { ResendInput } from './invitations/resend.ts';
export type { RevokeInput } from './invitations/revoke.ts';
export type { SetAllocationInput } from './limits/set-allocation.ts';
export type { SetLimitInput } from './limits/set-limit.ts';
export type { DisableInput } from './members/disable.ts';
export type { ListMembersInput } from './members/list-members.ts';
export type { MemberInput } from './members/member-input.ts';
export type { Account, Actor } from './model/actor.ts';
export { systemActor } from './model/actor.ts';
export type { AuditEntry } from './model/audit-entry.ts';
export type { Invitation, InvitationStatus, StoredInvitationStatus } from './model/invitation.ts';
export type { InvitationHandover } from './model/invitation-handover.ts';
export type { Delivery, InvitationPreview, InvitationView } from './model/invitation-view.ts';
export type { InvitePolicy } from './model/invite-policy.ts';
export { openPolicy } from './model/invite-policy.ts';
export type { BulkInviteResult, ExtractedStanding, InviteResult } from './model/invite-result.ts';
export type { InviteTerms } from './model/invite-terms.ts';
export type { KeptAnswer } from './model/kept-answer.ts';
export type { LimitCounts } from './model/limit-counts.ts';
export type { LimitPreview } from './model/limit-preview.ts';
export type { Member, MemberStatus, Role } from './model/member.ts';
export { memberSortName } from './model/member-sort-name.ts';
export type { CurrentUsage, MemberView } from './model/member-view.ts';
export type { OpenReservation, ReservedWindow } from './model/open-reservation.ts';
export type { Organization } from './model/organization.ts';
export type { OrganizationView } from './model/organization-view.ts';
export type { DeliveryState, MailKey, OutboxMail } from './model/outbox-mail.ts';
export type { ListTotal, Page } from './model/page.ts';
export type { RecordedUsage } from './model/recorded-usage.ts';
export type {
  Reservation,
  ReserveDecision,
  SettledReservation,
  UsageReserved,
} from './model/reservation.ts';
export type { StoreErrorPolicy } from './model/store-error-policy.ts';
export type {
  AccessRefused,
  PolicyName,
  UsageAllowed,
  UsageDecision,
  UsageLimitExceeded,
  WindowUsage,
} from './model/usage-decision.ts';
export type { UsageHealth, UsageWarning, UsageWarningCode } from './model/usage-health.ts';
export type { DayUsage, UsageHistory } from './model/usage-history.ts';
export type { Units, UsageLimit } from './model/usage-limit.ts';
export type { ActivityUsage, UsageReport } from './model/usage-report.ts';
export type { ZoneChange } from './model/zone-change.ts';
export type { OrgUserManagerOptions, Settings } from './options.ts';
export { OrgUserManager } from './org-user-manager.ts';
export type { OrgUserOperations } from './org-user-operations.ts';
export type { CreateOrganizationInput } from './organizations/create-organization.ts';
export type { OrganizationInput } from './organizations/organization.ts';
export type { SetInvitePolicyInput } from './organizations/set-invite-policy.ts';
export type { SetTimeZoneInput, TimeZoneSetting } from './organizations/set-time-zone.ts';
export type { FoundPhone } from './phones/find-phones.ts';
export type { Caller } from './ports/caller.ts';
export type { Clock } from './ports/clock.ts';
export type {
  InvitationListQuery,
  InvitationRow,
  ListPosition,
  MemberListQuery,
  Slice,
} from './ports/list-query.ts';
export type { Mailer, MailMessage } from './ports/mailer.ts';
export type { MaybePromise } from './ports/maybe-promise.ts';
export type { ErrorOccasion, OnError } from './ports/on-error.ts';
export type { DeliveryOutcome, MailLease, Outbox } from './ports/outbox.ts';
export type { RandomSource } from './ports/random-source.ts';
export type {
  ChargeRequest,
  ChargeResult,
  RateLimitStore,
  UsageWindow,
} from './ports/rate-limit-store.ts';
export type { ExpiredReservationQuery, ReservationLog } from './ports/reservation-log.ts';
export type {
  AuditKey,
  HostTransactions,
  InvitationsOfMember,
  MemberKey,
  SeatRefusal,
  Standing,
  StandingQuery,
  Storage,
  StorageReader,
  StorageScope,
  StorageTransaction,
} from './ports/storage.ts';
export type { ConsumeInput } from './usage/consume.ts';
export type { RecordInput } from './usage/record.ts';
export type { ReserveInput } from './usage/reserve.ts';
export type { SettleReservationInput } from './usage/settle-reservation.ts';
export type { UsageInput } from './usage/usage.ts';
export type { UsageHealthInput } from './usage/usage-health.ts';
export type { UsageHistoryInput } from './usage/usage-history.ts';
