import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { parseInput } from '../access/parse-input.ts';
import type { Context } from '../context.ts';
import { maskAddress } from '../emails/normalize-address.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import { invitationStatus } from '../model/invitation.ts';
import type { InvitationPreview } from '../model/invitation-view.ts';
import { openInvitation } from './open-invitation.ts';

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
  const { organization } = await context.storage.load({ orgId: invitation.orgId });
  if (!organization || invitationStatus(invitation, context.clock.now()) !== 'pending') {
    throw new OrgUserManagerError('invitation_unusable', {});
  }
  return {
    organizationName: organization.name,
    role: invitation.role,
    maskedAddress: maskAddress(invitation.address),
    expiresAt: new Date(invitation.expiresAt),
  };
}
