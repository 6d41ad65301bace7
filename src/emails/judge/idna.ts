import { decodePunycode } from './punycode.ts';
import { composed, foldWidth, isAscii } from './text-forms.ts';

const unicodeDomain = /^[\p{L}\p{M}\p{N}.-]+$/u;
const badHyphen = /(?:^|\.)-|-(?:\.|$)/;
// In A-labels it is longer still.
const longestDomain = 253;
const ideographicStops = /[\u3002\uFF61]/g;

/**
 * The A-label form (RFC 5890) of a domain: lower-case ASCII, or nothing when there is none.
 *
 * A domain whose mapping (UTS #46) would change more than letter case, width and composition is
 * refused: what the person read would not be where the mail goes.
 */
export function toAsciiDomain(domain: string): string | undefined {
  if (isAscii(domain)) return domain.toLowerCase();
  const folded = composed(foldWidth(domain).replace(ideographicStops, '.'));
  if (isAscii(folded)) return folded.toLowerCase();
  if (folded.length > longestDomain) return undefined;
  if (!unicodeDomain.test(folded) || badHyphen.test(folded)) return undefined;
  if (folded.normalize('NFKC') !== folded) return undefined;
  const ascii = hostname(folded);
  return ascii !== undefined && sameLabels(folded, ascii) ? ascii : undefined;
}

/** The form that people read, or nothing when a label is no A-label that IDNA makes. */
export function toUnicodeDomain(ascii: string): string | undefined {
  const labels = ascii
    .split('.')
    .map((label) => (label.startsWith('xn--') ? decodePunycode(label.slice(4)) : label));
  if (labels.some((label) => label === undefined || label === '')) return undefined;
  const unicode = labels.join('.');
  return !isAscii(unicode) && toAsciiDomain(unicode) === ascii ? unicode : undefined;
}

// `URL` is the one IDNA implementation that both Node and browsers carry.
function hostname(domain: string): string | undefined {
  const url = `http://${domain}`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

// A label with a non-ASCII letter has to stay one: mapped onto plain ASCII, it is another domain.
function sameLabels(unicode: string, ascii: string): boolean {
  const mapped = ascii.split('.');
  const labels = unicode.split('.');
  return (
    labels.length === mapped.length &&
    labels.every((label, index) =>
      isAscii(label)
        ? label.toLowerCase() === mapped[index]
        : mapped[index]?.startsWith('xn--') === true,
    )
  );
}
