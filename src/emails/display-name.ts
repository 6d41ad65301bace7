/** The words before `<address>`. */
export interface DisplayName {
  /** Where they start, an opening quote included. */
  readonly start: number;
  /** Nothing when no name is certain. */
  readonly name: string | undefined;
}

const maxName = 200;
const maxWords = 5;
// `3M Sales`, `1&1 Support`.
const numbered = /^\d+(?:\p{Lu}|&\d+)$/u;
// Nearly every name: capitalized words at the start of a line.
const ordinaryName = /(?:^|\n)((?:[A-Z][a-z]+ ){1,4})$/;
const maxOrdinary = 60;
const particle =
  /^(?:van|von|de|der|den|del|della|di|da|do|dos|das|la|las|los|le|bin|ibn|al|el|du|zu|zur|ten|ter|af|av)$/i;
const conjunction = /^(?:and|or|y|e|i|et|und|&|[-\u2013\u2014/])$/i;
const small = /^[a-z\u00DF-\u00FF][^\p{Lu}\d-]*$/u;
const bullets =
  /^(?:\[[^\]]*\]|[^\p{L}\p{N}\p{M}\p{Ps}\p{Pi}"'@=+#]|[+#](?!\p{L})|'(?=\s))+(?=\S)/u;
const leading = /^(?:by|from|for|via|at|with|through|thanks|und|and|&)$/;
const notName = /^(?:|rcpt|mail|to|by|(?:.*-)?(?:from|to|recipient|sender|b?cc|for))$/i;
const tail = /[,*_`~\s\p{Pd}\u2192\u2022]+$/u;
// Perl writes `F<` for a file name.
const perlCode = /(?<=[\s\p{L}])[BCEFILSX]$/u;
const pair =
  /^(?:(['"`*\u2018\u201C])(.*)['"`*\u2019\u201D]|\u201E(.*)[\u201C\u201D]|\u00AB(.*)\u00BB|\(([^()]*)\))$/;

/** Reads the name in front of the `<` at `angle`, not before `floor`: the right one or none. */
export function readDisplayName(text: string, angle: number, floor: number): DisplayName {
  const ordinary = ordinaryName.exec(text.slice(Math.max(floor, angle - maxOrdinary), angle));
  if (ordinary) {
    const [found, words = ''] = ordinary;
    return { start: angle - found.trimStart().length, name: words.trimEnd() };
  }
  const lowest = Math.max(0, angle - maxName);
  const window = text.slice(lowest, angle);
  const line = window.slice(Math.max(window.lastIndexOf('\n'), window.lastIndexOf('\r')) + 1);
  const head = line.replace(perlCode, '').replace(/[\s\p{Cf}(]+$/u, '');
  const quoted = readQuoted(head);
  if (quoted) return { start: angle - line.length + quoted.from, name: clean(quoted.name) };
  const rest = head.slice(Math.max(0, floor - (angle - line.length)));
  // Behind the last sign that no name holds; a colon inside a time of day is no label.
  const cut = /[\t;<>|"@\uFF1A\uFF1B\uFF5C]|:(?!\d\d\b)/g;
  const ends = [...rest.matchAll(cut)];
  const last = ends.at(-1);
  const from = last ? last.index + 1 : 0;
  const start = angle - line.length + (head.length - rest.length) + from;
  const isCutOff = line.length === maxName && rest.length === head.length && from === 0;
  const isCell = last?.[0] === '|' && !/^\s*(?:\d+ *)?\|/.test(rest);
  const isRest = last?.[0] === '"' && /^\s/.test(rest.slice(from));
  const isInside =
    last?.[0] === '@' || (!last && text.charAt(floor - 1) === '@') || isCell || isRest;
  if (isCutOff || isInside) return { start, name: undefined };
  const isFresh = last?.[0] === ':' || rest === line.trimStart();
  return { start, name: clean(bareName(rest.slice(from), isFresh)) };
}

// `"Reyes, Ana"`, also with the quotes of JSON and CSV inside: `\"Ana\"`, `""Ana""`.
function readQuoted(head: string): { name: string; from: number } | undefined {
  const mark = /(?:\\"|(?<!\\)""|"|&quot;)$/.exec(head)?.[0];
  if (mark === undefined) return undefined;
  const inner = head.slice(0, head.length - mark.length);
  if (mark === '"') {
    const found = /(?:^|[^\\])"((?:[^"\\]|\\.)*)$/.exec(inner);
    if (!found) return { name: '', from: head.length };
    const name = found[1] ?? '';
    return { name: name.replace(/\\(.)/g, '$1'), from: inner.length - name.length - 1 };
  }
  const open = inner.lastIndexOf(mark);
  if (open < 0) return { name: '', from: head.length };
  return { name: inner.slice(open + mark.length), from: open };
}

function bareName(words: string, isFresh: boolean): string {
  const bare = words
    .replace(/^.*\](?=\s+\S)/, '')
    .replace(bullets, '')
    .replace(/^[\w.-]+=(?=[^?=\s])/, '')
    .replace(tail, '');
  const opened = behindOpened(bare);
  const all = opened.split(/\s+/).filter((word) => word !== '');
  const lead = all.findLastIndex((word) => leading.test(word));
  const own = all.slice(lead + 1);
  if (notName.test(own.at(-1) ?? '')) return '';
  const isLong = own.length > maxWords || /\d|,.*,/.test(own.join(' '));
  if (/,.*,\s*$/.test(words)) return '';
  if (isLong) return longName(own);
  return opened !== bare || isFresh || lead >= 0 ? freshName(own) : shortName(own);
}

// Behind a label, a bracket or `by`, a name may be written in small letters.
function freshName(words: readonly string[]): string {
  return words.every((word) => small.test(word)) && words.length > 3 ? '' : words.join(' ');
}

function shortName(words: readonly string[]): string {
  const first = words.findIndex((word) => !small.test(word) && !conjunction.test(word));
  const isParticle = (word: string) => particle.test(word);
  if (first < 0) {
    const own = words.filter((word) => !isParticle(word));
    return own.length === 2 && !conjunction.test(words[0] ?? '') ? words.join(' ') : '';
  }
  const name = words.slice(0, first).every(isParticle) ? words : words.slice(first);
  const last = name.at(-1) ?? '';
  const isSentence = small.test(last) && !particle.test(last);
  return isSentence || name.every(isParticle) ? '' : name.join(' ');
}

// The part behind a quote or bracket that nothing closes; nothing when one closes that none opened.
function behindOpened(words: string): string {
  const quote = /(?:^|[\s([])'(?=[^'\s][^']*$)/.exec(words);
  if (quote) return words.slice(quote.index + quote[0].length);
  const open = lastOf(words, '([{');
  const close = lastOf(words, ')]}');
  if (open > close) return words.slice(open + 1);
  return close > open && open < 0 ? '' : words;
}

function lastOf(words: string, signs: string): number {
  return Math.max(...Array.from(signs, (sign) => words.lastIndexOf(sign)));
}

// Behind dates, and at the end of a sentence, a name is what is capitalized.
function longName(words: readonly string[]): string {
  const last = words.findLastIndex((word) => /\d/.test(word) && !numbered.test(word));
  if (last === words.length - 1)
    return words.length === 2 || words.length === 3 ? words.join(' ') : '';
  const isHalf = /^[ap]\.?m\.?,?$/i.test(words[last + 1] ?? '');
  const rest = words.slice(last + (isHalf ? 2 : 1));
  const name = rest.slice(rest.findLastIndex((word) => !isNameWord(word)) + 1);
  const isCertain =
    (name.length > 1 || last >= 0) && name.length <= maxWords && !/,.*,/.test(name.join(' '));
  return isCertain && !name.every((word) => particle.test(word)) ? name.join(' ') : '';
}

function isNameWord(word: string): boolean {
  return particle.test(word) || numbered.test(word) || /^[("']?\p{Lu}/u.test(word);
}

function clean(name: string): string | undefined {
  const visible = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').replace(/\s+/g, ' ');
  const bare = visible.trim().replace(pair, '$2$3$4$5').trim();
  // An address posing as a name, an encoded word (RFC 2047), a number, or pairs that do not close.
  if (/[@\uFF20<>]|=\?|^\P{L}*$/u.test(bare) || !isPaired(bare)) return undefined;
  return bare;
}

function isPaired(name: string): boolean {
  const count = (sign: string) => name.split(sign).length;
  return (
    count('(') === count(')') &&
    count('[') === count(']') &&
    count('{') === count('}') &&
    count('"') % 2 === 1
  );
}
