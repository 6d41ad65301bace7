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

// Decodes what follows `xn--` (RFC 3492, lower case), or nothing when it stands for nothing.
function decodePunycode(encoded: string): string | undefined {
  const delimiter = encoded.lastIndexOf('-');
  const points = Array.from(encoded.slice(0, Math.max(delimiter, 0)), (basic) =>
    basic.charCodeAt(0),
  );
  let [at, code, index, bias] = [delimiter + 1, 128, 0, 72];
  while (at < encoded.length) {
    const before = index;
    for (let [k, weight, isOpen] = [36, 1, true]; isOpen; k += 36) {
      const digit = (Number.parseInt(encoded.charAt(at++), 36) + 26) % 36;
      const threshold = Math.min(Math.max(k - bias, 1), 26);
      index += digit * weight;
      weight *= 36 - threshold;
      isOpen = digit >= threshold;
    }
    const count = points.length + 1;
    bias = adapt(index - before, count, before === 0);
    code += Math.floor(index / count);
    index %= count;
    // Past the last code point, a surrogate, or no digit at all.
    if (!(code <= 0x10ffff) || (code >= 0xd800 && code < 0xe000)) return undefined;
    points.splice(index++, 0, code);
  }
  return String.fromCodePoint(...points);
}

function adapt(delta: number, count: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? 700 : 2));
  rest += Math.floor(rest / count);
  let k = 0;
  for (; rest > 455; k += 36) rest = Math.floor(rest / 35);
  return k + Math.floor((36 * rest) / (rest + 38));
}
