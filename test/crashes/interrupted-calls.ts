import type { OrgUserManager } from 'org-user-manager';
import type { OrgUserSupport } from 'org-user-manager/support';
import { account } from '../fixtures/team.ts';
import { founder } from '../races/race.ts';

/** Whom the calls meet: one organization, in which there is something to do for each of them. */
export interface Scene {
  readonly manager: OrgUserManager;
  readonly support: OrgUserSupport;
  readonly orgId: string;
  /** An invitation for `u_new`. */
  readonly open: { readonly id: string; readonly token: string };
}

/** A row of the table. */
export interface InterruptedCall {
  readonly name: string;
  /** What the same call says once it has been done. */
  readonly again: string;
  /** Resolves with how it ended. */
  make(scene: Scene): Promise<unknown>;
}

const actor = { userId: founder };
const done = () => 'done';
const newcomer = account('u_new');

const onMember = (name: 'demote' | 'disable' | 'promote', userId: string): InterruptedCall => ({
  name,
  again: 'done',
  make: ({ manager, orgId }) => manager[name]({ orgId, actor, userId }).then(done),
});

/** Each row runs on every server. */
export const interruptedCalls: readonly InterruptedCall[] = [
  {
    name: 'createOrganization',
    again: 'organization_exists',
    make: ({ manager }) =>
      manager
        .createOrganization({
          orgId: 'beta',
          name: 'Beta',
          admin: { userId: founder, email: 'first@example.org' },
        })
        .then(done),
  },
  {
    name: 'invite',
    again: 'already_invited',
    make: ({ manager, orgId }) =>
      manager.invite({ orgId, actor, email: 'p1@example.org' }).then(({ outcome }) => outcome),
  },
  {
    name: 'inviteMany',
    again: 'already_invited',
    make: async ({ manager, orgId }) => {
      const addresses = ['p1@example.org', 'p2@example.org', 'p3@example.org'];
      const results = await manager.inviteMany({ orgId, actor, addresses });
      return [...new Set(results.map(({ outcome }) => outcome))].join();
    },
  },
  {
    name: 'accept',
    again: 'done',
    make: ({ manager, open: { token } }) => manager.accept({ token, account: newcomer }).then(done),
  },
  {
    name: 'decline',
    again: 'invitation_unusable',
    make: ({ manager, open: { token } }) =>
      manager.decline({ token, account: newcomer }).then(done),
  },
  {
    name: 'revoke',
    again: 'invitation_unusable',
    make: ({ manager, orgId, open: { id } }) =>
      manager.revoke({ orgId, actor, invitationId: id }).then(done),
  },
  {
    name: 'resend',
    again: 'resend_too_soon',
    make: ({ manager, orgId, open: { id } }) =>
      manager.resend({ orgId, actor, invitationId: id, rotate: true }).then(done),
  },
  onMember('promote', 'u_member'),
  onMember('demote', 'u_admin'),
  onMember('disable', 'u_admin'),
  {
    name: 'setLimit',
    again: 'done',
    make: ({ manager, orgId }) =>
      manager.setLimit({ orgId, actor, userId: 'u_member', daily: 5 }).then(done),
  },
  {
    name: 'consume',
    again: 'done',
    make: ({ manager, orgId }) => manager.consume({ orgId, userId: 'u_member' }).then(done),
  },
  {
    name: 'restore',
    again: 'done',
    make: ({ support, orgId }) =>
      support
        .restore({ orgId, userId: 'u_gone', operator: 'desk-2', reason: 'Ticket 4711' })
        .then(done),
  },
];
