import { ownFields } from '../../../src/access/own-fields.ts';
import type { Standing, StandingQuery } from '../../../src/index.ts';
import { createGroupCommit } from '../../group-commit/group-commit.ts';
import type { GroupedRequest } from '../../group-commit/grouped-request.ts';
import { load } from './load.ts';
import type { Session } from './session.ts';

interface MemberQuery extends GroupedRequest {
  readonly userIds: readonly string[];
}

const mostIds = 64;

const lists = ['userIds', 'addresses', 'pendingAddresses', 'invitationIds', 'caller'] as const;

/**
 * Loads on the storage's own connections. Those that ask for few members by their ids, as every check of a
 * request does, share a statement when they are made at once. None joins a statement that has been sent:
 * each sees whatever was committed before it began.
 */
export function loadInGroups(session: Session): (query: StandingQuery) => Promise<Standing> {
  const loadMembers = createGroupCommit<MemberQuery, Standing>({
    run: (queries, { answer }) => loadTogether(session, queries, answer),
    runAlone: ({ partition: orgId, userIds }) => load(session, { orgId, userIds }),
    flights: Number.POSITIVE_INFINITY,
    flightsOfPartition: 1,
    partitions: 1,
    calls: mostIds,
    size: mostIds,
    sizeOf: ({ userIds }) => userIds.length,
  });
  return (asked) => {
    const query = ownFields(asked, lists);
    const { orgId: partition, userIds = [], caller } = query;
    if (!asksForMembersOnly(query)) return load(session, query);
    return loadMembers({ partition, userIds, caller });
  };
}

function asksForMembersOnly({ userIds = [], ...others }: StandingQuery): boolean {
  const { addresses = [], pendingAddresses = [], invitationIds = [] } = others;
  const isAlone = addresses.length + pendingAddresses.length + invitationIds.length === 0;
  return isAlone && userIds.length > 0 && userIds.length <= mostIds;
}

async function loadTogether(
  session: Session,
  queries: readonly MemberQuery[],
  answer: (index: number, standing: Standing) => void,
): Promise<void> {
  const [first] = queries;
  if (!first) return;
  const { partition: orgId } = first;
  const ids = new Set(queries.flatMap((query) => query.userIds));
  const { organization, members } = await load(session, { orgId, userIds: toPowerOfTwo([...ids]) });
  const byId = new Map(members.map((member) => [member.userId, member]));
  for (const [index, { userIds }] of queries.entries()) {
    const asked = [...new Set(userIds)].flatMap((userId) => byId.get(userId) ?? []);
    answer(index, { organization, members: asked, invitations: [] });
  }
}

/** The ids, some of them again: so there are few texts of SQL. */
function toPowerOfTwo(ids: readonly string[]): readonly string[] {
  const length = 2 ** Math.ceil(Math.log2(ids.length));
  return [...ids, ...ids.slice(0, length - ids.length)];
}
