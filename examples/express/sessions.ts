import type { Account } from 'org-user-manager';

/** An account of this application, with the organization it works in. */
export interface User extends Account {
  readonly orgId: string;
  /** Which accounts may open the organization that their sign-in names. */
  readonly mayCreateOrganization: boolean;
}

export interface Sessions {
  /** Starts a session; returns its id for the cookie. */
  start(user: User): string;
  find(cookieHeader: string | undefined): User | undefined;
  /** Ends every session of a user. */
  endAll(userId: string): void;
}

/** Sessions in memory, named by a cookie: a stand-in for the sign-in that your application has. */
export function createSessions(): Sessions {
  const users = new Map<string, User>();
  return {
    start(user) {
      const id = crypto.randomUUID();
      users.set(id, user);
      return id;
    },
    find(cookieHeader) {
      const id = /(?:^|;\s*)session=([\w-]+)/.exec(cookieHeader ?? '')?.[1];
      return id === undefined ? undefined : users.get(id);
    },
    endAll(userId) {
      for (const [id, user] of users) if (user.userId === userId) users.delete(id);
    },
  };
}
