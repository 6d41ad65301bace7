/** An answer as plain data. A mount that is not fetch-style writes it out without a `Response`. */
export interface Reply {
  /** The HTTP status code. */
  readonly status: number;
  /** Each name once, in the usual spelling. */
  readonly headers: Readonly<Record<string, string>>;
  /** `null` = no body. */
  readonly body: string | null;
}

/** On every answer: it belongs to one person at one moment, and is what its type says. */
export const commonHeaders = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** A value as JSON. */
export function json(value: unknown, status = 200): Reply {
  return {
    status,
    headers: { ...commonHeaders, 'Content-Type': 'application/json' },
    body: JSON.stringify(value),
  };
}

/** Done, and nothing to tell. */
export function noContent(): Reply {
  return { status: 204, headers: commonHeaders, body: null };
}
