const sameSite: readonly (string | null)[] = [null, 'same-origin', 'none'];

/**
 * Whether another site may have made the browser send this request along with the user's cookie.
 * Requests without a cookie carry their credentials on purpose and are left alone. The origin is the
 * configured one: the Host header is the sender's to choose.
 */
export function isCrossSite({ headers }: Request, ownOrigin: string): boolean {
  if (!headers.has('cookie')) return false;
  const origin = headers.get('origin');
  return !sameSite.includes(headers.get('sec-fetch-site')) || (origin ?? ownOrigin) !== ownOrigin;
}
