interface CatalogEntry {
  readonly status: number;
  readonly title: string;
  readonly advice: string;
  /** Whether the same call may succeed when it is made again. */
  readonly isRetryable?: true;
}

/**
 * One entry per error code: the HTTP status, a title that never holds a value, and what to do.
 * The errors guide is checked against it.
 */
export const errorCatalog = {
  invalid_options: {
    status: 500,
    title: 'Invalid options',
    advice:
      'An option or its value is not known. `details.issues` names each; fix the construction.',
  },
  invalid_input: {
    status: 400,
    title: 'Invalid input',
    advice:
      'The call’s input is not as documented. `details.issues` names each field; nothing was changed.',
  },
  body_already_read: {
    status: 400,
    title: 'The request body was read before this handler',
    advice:
      'The request has a body, and something read it first. Mount the handler before that, or let it set `req.body` to the parsed body; hand a fetch `Request` on unread.',
  },
  invalid_cursor: {
    status: 400,
    title: 'Invalid cursor',
    advice:
      'The cursor belongs to another list, filter or organization, or was changed. Start at the first page.',
  },
  csv_header_not_found: {
    status: 400,
    title: 'No header row with an email column',
    advice:
      'Name the columns in the first row of the CSV file, one of them `email`. Text without a header is for `bulkExtract`.',
  },
  invalid_plan: {
    status: 400,
    title: 'Invalid plan',
    advice:
      'The plan belongs to another organization or actor, was changed, or is more than a day old. Extract again.',
  },
  invalid_reservation: {
    status: 400,
    title: 'Invalid reservation',
    advice:
      'The token was changed or made with another secret, or the reservation expired more than a day ago. Count what was used with `record`.',
  },
  not_signed_in: {
    status: 401,
    title: 'Not signed in',
    advice: 'The host’s `identify` found nobody. Sign in first.',
  },
  not_a_member: {
    status: 403,
    title: 'Not a member of this organization',
    advice:
      'The user is not in this organization, or there is no such organization. Ask an administrator for an invitation.',
  },
  not_an_admin: {
    status: 403,
    title: 'Only an organization administrator may do this',
    advice: 'The user is a member. An administrator has to do it.',
  },
  member_disabled: {
    status: 403,
    title: 'This member is disabled',
    advice:
      'The person was disabled. Only support can restore them, with `OrgUserSupport.restore`.',
  },
  wrong_account: {
    status: 403,
    title: 'This invitation is for another account',
    advice:
      'Sign in with the account whose address matches `details.expectedAddress`; the invitation stays open.',
  },
  email_not_verified: {
    status: 403,
    title: 'The account’s email address is not verified',
    advice: 'Let the host verify the address, then open the link again; the invitation stays open.',
  },
  may_not_create_organization: {
    status: 403,
    title: 'This account may not create an organization',
    advice:
      'The host’s `identify` has to grant `mayCreateOrganization` to whoever may create this organization.',
  },
  may_not_set_allocation: {
    status: 403,
    title: 'This account may not set the organization’s allocation',
    advice: 'The host’s `identify` has to grant `maySetAllocation` to the admins who may.',
  },
  cross_site_request: {
    status: 403,
    title: 'Cross-site request refused',
    advice: 'A browser sent this from another site. Call from the origin of `baseUrl`.',
  },
  organization_not_found: {
    status: 404,
    title: 'Organization not found',
    advice: 'Check the id, or create the organization with `createOrganization`.',
  },
  member_not_found: {
    status: 404,
    title: 'Member not found',
    advice: 'Nobody in this organization has that user id.',
  },
  invitation_not_found: {
    status: 404,
    title: 'Invitation not found',
    advice: 'This organization has no invitation with that id.',
  },
  route_not_found: {
    status: 404,
    title: 'No such route',
    advice: 'Check the path; the routes are listed in the HTTP guide.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    advice: 'The `Allow` header names the methods of this route.',
  },
  organization_exists: {
    status: 409,
    title: 'This organization already exists',
    advice: 'Use another id, or go on with the organization that is there.',
  },
  already_a_member: {
    status: 409,
    title: 'Already a member',
    advice: 'The person is in already; nothing has to be done.',
  },
  already_invited: {
    status: 409,
    title: 'Already invited',
    advice: 'The pending invitation comes with the answer; resend it instead.',
  },
  last_admin: {
    status: 409,
    title: 'An organization keeps at least one active administrator',
    advice: 'Make someone else an admin first.',
  },
  member_limit_reached: {
    status: 409,
    title: 'The organization has no free seat',
    advice: 'Disable someone or raise the organization’s member limit; the invitation stays open.',
  },
  pending_limit_reached: {
    status: 409,
    title: 'Too many pending invitations',
    advice: 'Revoke invitations that nobody needs, or raise `pendingInvitationLimit`.',
  },
  conflict: {
    status: 409,
    title: 'Someone else changed this at the same moment',
    advice:
      'Nothing was changed. Try again; inside a transaction of your own, start the whole of it again.',
    isRetryable: true,
  },
  domain_not_allowed: {
    status: 409,
    title: 'The organization does not invite addresses of this domain',
    advice: 'Use another address, or change the domains with `setInvitePolicy`.',
  },
  invitation_unusable: {
    status: 410,
    title: 'This invitation cannot be used',
    advice: 'It was accepted, declined, revoked, replaced, or has expired. Ask for a new one.',
  },
  body_too_large: {
    status: 413,
    title: 'Request body too large',
    advice: 'Send less at once.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Send application/json',
    advice: 'Set `content-type: application/json`, also when the body is empty.',
  },
  unsupported_content_encoding: {
    status: 415,
    title: 'Send the body without a Content-Encoding',
    advice: 'The body is encoded, such as with gzip. Send plain JSON without `content-encoding`.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'This idempotency key belongs to another call',
    advice: 'The key was used with other input in the last 24 hours. Use a new key for a new call.',
  },
  resend_too_soon: {
    status: 429,
    title: 'Wait before sending this invitation again',
    advice: 'Wait until `details.retryAt`.',
  },
  usage_limit_exceeded: {
    status: 429,
    title: 'Quota Exceeded',
    advice:
      'Wait until the window resets, or ask the contact that the answer names for a higher limit.',
  },
  schema_outdated: {
    status: 500,
    title: 'The database schema has another version; run migrate()',
    advice: 'Run `manager.migrate()` with the newest version of this package.',
  },
  schema_mismatch: {
    status: 500,
    title: 'A table in the database is not as this package creates it',
    advice:
      '`details.tables` names each such table and what it lacks. Nothing was changed. If the table is your own, choose another `schema` or `tablePrefix`; if it is ours, undo what changed it.',
  },
  migration_denied: {
    status: 500,
    title: 'The database does not let this user change the schema',
    advice:
      'Run `migrate()` once as a user who may create tables; `cause` says what was denied. The application then needs only to select, insert, update and delete.',
  },
  unsupported_setting: {
    status: 500,
    title: 'A setting of the database or its driver is not supported',
    advice:
      '`details` names the setting, its value and what is needed. Set it for the server, the user or each new connection of the pool; the guide to databases lists all settings. Nothing was sent.',
  },
  clock_skewed: {
    status: 500,
    title: 'The clock of this process is more than a minute off',
    advice:
      'It differs from the clock of the counters: `details.aheadMs` says by how much. Set the clock of the server, with NTP: days, months and expiries follow it. Reported once, to `onError`.',
  },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    advice:
      'The database failed or did not answer in time; `cause` says more. Nothing was let through. Try again: a change whose answer was lost may have been made, unless `details.done` is false.',
    isRetryable: true,
  },
  usage_unavailable: {
    status: 503,
    title: 'Usage cannot be counted at the moment',
    advice:
      'The `rateLimitStore` failed or did not answer in time, and `onStoreError` lets nothing through then; `cause` says more. Try again: a charge whose answer was lost may have counted, unless `details.done` is false.',
    isRetryable: true,
  },
  internal: {
    status: 500,
    title: 'Internal error',
    advice:
      'A fault in the application, the database or this package: see its `cause`, or what `onError` received.',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;

/** Every stable error code. */
export type ErrorCode = keyof typeof errorCatalog;
