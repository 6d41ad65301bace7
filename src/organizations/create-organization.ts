import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { addressSchema, idSchema, nameSchema, timeZoneSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { partialLimitSchema } from '../access/terms-schemas.ts';
import type { Context } from '../context.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import { openPolicy } from '../model/invite-policy.ts';
import type { Member } from '../model/member.ts';
import type { Organization } from '../model/organization.ts';
import { noLimit, type Units, type UsageLimit } from '../model/usage-limit.ts';
import { commit } from '../transactions/commit.ts';

/** What `createOrganization` takes. */
export interface CreateOrganizationInput {
  /** The host's id of the organization, 1 to 255 characters. */
  readonly orgId: string;
  /** Shown in mails and pages, 1 to 200 characters. */
  readonly name: string;
  /** The first admin, who is also the one acting. The host vouches for the address. */
  readonly admin: {
    readonly userId: string;
    readonly email: string;
    readonly name?: string | undefined;
  };
  /** IANA zone in which days and months begin. Default: `UTC`. */
  readonly timeZone?: string | undefined;
  /** What the organization as a whole may consume, in units. Default: no limit. */
  readonly allocation?: {
    readonly daily?: Units | undefined;
    readonly monthly?: Units | undefined;
  };
  /** Most active members; `null` = no limit. Default: `null`. */
  readonly memberLimit?: number | null | undefined;
}

const schema = inputObject({
  orgId: idSchema,
  name: nameSchema,
  admin: inputObject(
    { userId: idSchema, email: addressSchema, name: z.optional(nameSchema) },
    'must be { userId, email, name? }',
  ),
  timeZone: z._default(timeZoneSchema, 'UTC'),
  allocation: partialLimitSchema,
  memberLimit: z._default(
    z.nullable(
      z
        .number('must be an integer or null')
        .check(
          z.refine((limit) => Number.isSafeInteger(limit) && limit >= 1, 'must be at least 1'),
        ),
    ),
    null,
  ),
});

/** Creates an organization with its first admin. */
export async function createOrganization(
  context: Context,
  input: CreateOrganizationInput,
): Promise<void> {
  const { orgId, name, admin, timeZone, allocation, memberLimit } = parseInput(schema, input);
  const now = context.clock.now();
  const organization: Organization = {
    orgId,
    name,
    timeZone,
    zoneChange: null,
    allocation: withoutGaps(allocation),
    memberLimit,
    activeAdmins: 1,
    activeMembers: 1,
    pendingUpperBound: 0,
    invitePolicy: openPolicy,
    createdAt: now,
  };
  const founder: Member = {
    orgId,
    userId: admin.userId,
    address: admin.email,
    name: admin.name ?? null,
    phone: null,
    role: 'admin',
    status: 'active',
    limit: noLimit,
    joinedAt: now,
    invitedBy: null,
    disabledAt: null,
  };
  await commit(context, orgId, async (tx, record) => {
    if (!(await tx.insertOrganization(organization, founder))) {
      throw new OrgUserManagerError('organization_exists', {});
    }
    record('organization.created', { orgId, at: now, actor: admin.userId });
  });
}

function withoutGaps(allocation: CreateOrganizationInput['allocation']): UsageLimit {
  return { daily: allocation?.daily ?? null, monthly: allocation?.monthly ?? null };
}
