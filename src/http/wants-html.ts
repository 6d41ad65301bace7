/**
 * Whether a request prefers an HTML page to JSON, by its `Accept`: a browser that navigates names
 * HTML, while scripts and command lines take anything. Knows fetch's requests and Node's.
 */
export function wantsHtml(request: unknown): boolean {
  const accept = acceptOf(request);
  if (!accept.includes('html')) return false;
  const ranges = accept.split(',').map(readRange);
  const html = qualityOf(ranges, ['text/html', 'application/xhtml+xml']);
  return html > qualityOf(ranges, ['application/problem+json', 'application/json']);
}

function acceptOf(request: unknown): string {
  const { headers } = Object(request);
  const accept = headers instanceof Headers ? headers.get('accept') : Object(headers).accept;
  return typeof accept === 'string' ? accept.toLowerCase() : '';
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = q === undefined ? 1 : Number(q.slice('q='.length));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** The best quality that names one of the types; a wildcard speaks for no page in particular. */
function qualityOf(ranges: readonly Range[], types: readonly string[]): number {
  const named = ranges.filter(({ type }) => types.includes(type));
  return Math.max(0, ...named.map(({ quality }) => quality));
}
