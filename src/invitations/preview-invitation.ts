import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { parseInput } from '../access/parse-input.ts';
import type { Context } from '../context.ts';
import { maskAddress } from '../emails/judge/judge-address.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import { isBacked } from '../model/invitation-state.ts';
import type { InvitationPreview } from '../model/invitation-view.ts';
import { organizationInWords } from '../system/neutralize-name.ts';
import { openInvitation, requireUsable } from './open-invitation.ts';

/** What `previewInvitation` takes. */
export interface PreviewInvitationInput {
  /** The token from the invite link. */
  readonly token: string;
}

const schema = inputObject({ token: z.string('must be a string') });

/** Looks at an invitation without using it. */
export async function previewInvitation(
  context: Context,
  input: PreviewInvitationInput,
): Promise<InvitationPreview> {
  const { token } = parseInput(schema, input);
  const invitation = await openInvitation(context, token);
  requireUsable(invitation, context.clock.now());
  const { orgId, invitedBy } = invitation;
  const userIds = invitedBy === null ? [] : [invitedBy];
  const { organization, members } = await context.storage.load({ orgId, userIds });
  if (!organization || !isBacked(invitation, members)) {
    throw new OrgUserManagerError('invitation_unusable', {});
  }
  return {
    organizationName: organizationInWords(organization.name),
    role: invitation.role,
    maskedAddress: maskAddress(invitation.address),
    expiresAt: new Date(invitation.expiresAt),
  };
}
