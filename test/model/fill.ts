import { tokenIn } from '../fixtures/recording-mailer.ts';
import type { Call, Operation } from './operations.ts';
import type { World } from './world.ts';

interface Placeholders {
  readonly orgId?: string;
  readonly invitationId?: string;
  readonly token?: string;
}

/**
 * Calls are written before there are ids and links, so they hold placeholders, and mean what these
 * stand for when the call is made:
 * - organization: `one`;
 * - invitation: `one ann@example.com 0`, the newest of that address there, or `1`, the one before;
 *   `one * 0`, the newest of any address;
 * - token: `one ann@example.com 0 1`, of that invitation's newest link (`0`) or the one before.
 *
 * Whatever is not there becomes an id or token that nobody has.
 */
export function fill<O extends Operation>(call: Call<O>, world: World, prefix: string): Call<O> {
  const { orgId, invitationId, token }: Placeholders & object = call.input;
  const nameOf = (organization: string) => `${prefix}-${organization}`;
  const find = (name: string) => {
    const [organization = '', address, age, linkAge] = name.split(' ');
    const theirs = world.teams
      .get(nameOf(organization))
      ?.invitations.filter((invitation) => address === '*' || invitation.address === address);
    const invitation = theirs?.at(-1 - Number(age));
    return { id: invitation?.id, link: invitation?.links.at(-1 - Number(linkAge)) };
  };
  const filled: Placeholders = {
    ...(orgId !== undefined && { orgId: nameOf(orgId) }),
    ...(invitationId !== undefined && { invitationId: find(invitationId).id ?? 'i_unknown' }),
    ...(token !== undefined && { token: tokenIn(find(token).link ?? 'oum_unknown') }),
  };
  return { ...call, input: { ...call.input, ...filled } };
}
