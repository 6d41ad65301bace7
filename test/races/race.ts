import type { OrgUserManager, Role } from 'org-user-manager';
import { tokenIn } from '../fixtures/recording-mailer.ts';
import { account } from '../fixtures/team.ts';
import type { Call } from '../fixtures/worker-commands.ts';

/** One call of a race, and who makes it. */
export interface Side {
  /** Under which name its wins are counted. */
  readonly label: string;
  readonly by: string;
  readonly call: Call;
}

/** A row of the table: calls that are made at once on one organization. */
export interface Race {
  readonly name: string;
  /** Organizations on which the calls really are under way at once. Default: 60. */
  readonly repetitions?: number;
  /** Seats of the organization. Default: no limit. */
  readonly memberLimit?: number;
  /** Pending invitations that are allowed. Default: 1,000. */
  readonly pendingLimit?: number;
  /** One side only reads and is done so soon that the other one hardly ever wins. */
  readonly lopsided?: boolean;
  prepare(arena: Arena): Promise<readonly Side[]>;
  /** Which sides won, by their place; nothing when these outcomes must not come together. */
  winners(outcomes: readonly string[]): readonly number[] | undefined;
}

/** A fresh organization, before the race. */
export interface Arena {
  readonly orgId: string;
  invite(person: string, role?: Role, by?: string): Promise<{ id: string; token: string }>;
  accept(token: string, userId: string): Promise<void>;
  /** Invites and accepts. */
  join(userId: string, role?: Role): Promise<void>;
}

/** The first admin of every organization. */
export const founder = 'u_founder';

/** Creates an organization with only the founder in it. */
export async function createArena(
  manager: OrgUserManager,
  orgId: string,
  memberLimit: number | null,
): Promise<Arena> {
  const { userId, email, name } = account(founder);
  await manager.createOrganization({
    orgId,
    name: 'Acme',
    memberLimit,
    admin: { userId, email, name },
  });
  const arena: Arena = {
    orgId,
    async invite(person, role = 'member', by = founder) {
      const { email } = account(person);
      const result = await manager.invite({ orgId, actor: { userId: by }, email, role });
      if (result.outcome !== 'invited') throw new Error(`not invited: ${result.outcome}`);
      const { id, link } = result.invitation;
      return { id, token: tokenIn(link ?? '') };
    },
    async accept(token, userId) {
      await manager.accept({ token, account: account(userId) });
    },
    async join(userId, role) {
      const { token } = await arena.invite(userId, role);
      await arena.accept(token, userId);
    },
  };
  return arena;
}
