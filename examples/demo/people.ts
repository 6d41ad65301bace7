/** The demo's own accounts. A real host has a sign-in; here a name in a cookie or header is one. */
export interface DemoAccount {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
}

const userIdPattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** The account of a demo user id, such as `sam` with `sam@acme.example.com`. */
export function demoAccount(userId: string): DemoAccount | undefined {
  if (!userIdPattern.test(userId)) return undefined;
  const words = userId.split(/[._-]+/).filter((word) => word !== '');
  const name = words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join(' ');
  return { userId, email: `${userId}@acme.example.com`, name };
}

/** The signed-in account of a request: header `x-demo-user` for curl, a cookie for the page. */
export function signedIn(headers: {
  readonly 'x-demo-user'?: string | string[] | undefined;
  readonly cookie?: string | undefined;
}): DemoAccount | undefined {
  const fromCookie = /(?:^|;\s*)demo_user=([^;]+)/.exec(headers.cookie ?? '')?.[1];
  const userId = [headers['x-demo-user'] ?? fromCookie].flat()[0];
  return userId === undefined ? undefined : demoAccount(userId);
}
