import { OrgUserManagerError } from '../errors/index.ts';
import { equalMacs, secretKey } from './secret-key.ts';

/** What a dry run showed, addresses in normal form. */
export interface InvitePlan {
  /** Addresses that a call without a list invites. */
  readonly ready: readonly string[];
  /** Addresses for a person to check; a call invites those that it lists. */
  readonly review: readonly string[];
  /** When it is worth nothing any more, epoch milliseconds. */
  readonly expiresAt: number;
}

/**
 * Signed plans: what somebody was shown travels with them, and nothing has to be stored. One made
 * for another organization or actor, tampered with is refused; whether one has expired is for the caller to see.
 */
export interface InvitePlans {
  /** `scope` names whom the plan is good for. */
  encode(scope: readonly (string | null)[], plan: InvitePlan): string;
  /** Throws `invalid_plan`. */
  decode(scope: readonly (string | null)[], planId: string): InvitePlan;
}

interface ParsedPlan {
  readonly content: string;
  readonly mac: Buffer;
}

// Ten thousand of the longest addresses, which is the most that a call can be let take, and then some.
const longestPlanId = 5_000_000;

/** Creates the plans of one list of secrets; the first one signs, all of them verify. */
export function createInvitePlans(secrets: readonly [string, ...string[]]): InvitePlans {
  const [signing, ...older] = [secretKey(secrets[0]), ...secrets.slice(1).map(secretKey)];
  const macOf = (key: typeof signing, scope: readonly (string | null)[], content: string) =>
    key.mac('invite-plan/v1', [JSON.stringify(scope), content]);
  return {
    encode(scope, { ready, review, expiresAt }) {
      const content = JSON.stringify([expiresAt, ready, review]);
      const mac = macOf(signing, scope, content).toString('base64url');
      return `${Buffer.from(content).toString('base64url')}.${mac}`;
    },
    decode(scope, planId) {
      const { content, mac } = parsePlan(planId);
      const isGenuine = [signing, ...older].some((key) =>
        equalMacs(mac, macOf(key, scope, content)),
      );
      if (!isGenuine) throw new OrgUserManagerError('invalid_plan', {});
      const [expiresAt, ready, review]: [number, string[], string[]] = JSON.parse(content);
      return { ready, review, expiresAt };
    },
  };
}

function parsePlan(planId: string): ParsedPlan {
  if (planId.length > longestPlanId) throw new OrgUserManagerError('invalid_plan', {});
  const [content = '', mac = '', ...rest] = planId.split('.', 3);
  const bytes = Buffer.from(mac, 'base64url');
  if (rest.length > 0 || bytes.length !== 32) throw new OrgUserManagerError('invalid_plan', {});
  return { content: Buffer.from(content, 'base64url').toString(), mac: bytes };
}
