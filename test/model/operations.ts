import type { OrgUserManager } from 'org-user-manager';
import type { RestoreInput } from 'org-user-manager/support';

type Method =
  | 'createOrganization'
  | 'organization'
  | 'setInvitePolicy'
  | 'setAllocation'
  | 'invite'
  | 'inviteMany'
  | 'resend'
  | 'revoke'
  | 'accept'
  | 'decline'
  | 'previewInvitation'
  | 'promote'
  | 'demote'
  | 'disable'
  | 'setLimit'
  | 'consume'
  | 'usage'
  | 'member'
  | 'listMembers'
  | 'listInvitations';

/** What each operation takes; a list answers with all of its pages. */
export type Inputs = { readonly [M in Method]: Parameters<OrgUserManager[M]>[0] } & {
  readonly restore: RestoreInput;
  /** Time passes. */
  readonly advance: { readonly milliseconds: number };
};

/** Every operation of the test. */
export type Operation = keyof Inputs;

/** One call, as data. */
export type Call<O extends Operation = Operation> = {
  readonly [Name in O]: { readonly operation: Name; readonly input: Inputs[Name] };
}[O];
