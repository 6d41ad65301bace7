// Segments that no proxy, framework or browser reads in two ways.
const plainPath = /^(?:\/(?:[\w.~-]|%[89A-F][0-9A-F])+)*\/*$/i;

/**
 * Whether a value can stand in front of every link as it is: an absolute http or https URL that a URL
 * parser does not change, without query, fragment and credentials, its path of plain segments.
 */
export function isPlainBaseUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !/^https?:\/\/[^?#@\s\\]+$/.test(value)) return false;
  const url = URL.parse(value);
  if (url === null || (url.href !== value && url.href !== `${value}/`)) return false;
  return plainPath.test(url.pathname);
}

/** The form of a base URL that `isPlainBaseUrl()` takes, if there is one: as a URL parser writes it. */
export function normalBaseUrl(value: unknown): string | undefined {
  const href = typeof value === 'string' ? URL.parse(value)?.href.replace(/\/+$/, '') : undefined;
  return isPlainBaseUrl(href) ? href : undefined;
}

/** Whether the host of a URL is this machine, so that no network is on the way. */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
