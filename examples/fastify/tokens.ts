import type { Account } from 'org-user-manager';

/** An account of this application, with the organization it works in. */
export interface User extends Account {
  readonly orgId: string;
  readonly mayCreateOrganization: boolean;
}

/** Finds the user of an `Authorization: Bearer …` header: a stand-in for your own API tokens. */
export function userOf(
  users: ReadonlyMap<string, User>,
  authorization: string | undefined,
): User | undefined {
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
  return token === undefined ? undefined : users.get(token);
}
