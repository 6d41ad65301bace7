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
// Nearly every name: capitalized words.
const ordinary = /^[A-Z][a-z]+(?: [A-Z][a-z]+){0,3}$/;
const particle =
  /^(?:van|von|de|der|den|del|della|di|da|do|dos|das|la|las|los|le|bin|ibn|al|el|du|zu|zur|ten|ter|af|av)$/i;
const small = /^[a-z\u00DF-\u00FF][^\p{Lu}\d-]*$/u;
const bullets =
  /^(?:\[[^\]]*\]|[^\p{L}\p{N}\p{M}\p{Ps}\p{Pi}"'@=+#]|[+#](?!\p{L})|'(?=\s))+(?=\S)/u;
const leading = /^(?:by|from|for|via|at|with|through|thanks|and|or|und|et|[yeiи&])$/;
const notName = /^(?:|rcpt|mail|to|by|(?:.*-)?(?:from|to|recipient|sender|b?cc|for))$/i;
const tail = /[,*_`~\s\p{Pd}\u2192\u2022]+$/u;
// Perl writes `F<` for a file name.
const perlCode = /(?<=[\s\p{L}])[BCEFILSX]$/u;
const pair =
  /^(?:(['"`*\u2018\u201C])(.*)['"`*\u2019\u201D]|\u201E(.*)[\u201C\u201D]|\u00AB(.*)\u00BB|\(([^()]*)\))$/;

/** Reads the name in front of the `<` at `angle`, not before `floor`: the right one or none. */
export function readDisplayName(text: string, angle: number, floor: number): DisplayName {
  const window = text.slice(Math.max(0, angle - maxName), angle);
  const line = window.slice(Math.max(window.lastIndexOf('\n'), window.lastIndexOf('\r')) + 1);
  const lineStart = angle - line.length;
  const head = line.replace(perlCode, '').replace(/[\s\p{Cf}(]+$/u, '');
  const quoted = readQuoted(head);
  if (quoted) return { start: lineStart + quoted.from, name: clean(quoted.name) };
  const rest = head.slice(Math.max(0, floor - lineStart));
  // Behind the last sign that no name holds; a colon inside a time of day is no label.
  const [, , sign = '', words = rest] =
    /^(.*)([\t;<>|"@\uFF1A\uFF1B\uFF5C]|:(?!\d\d\b))(.*)$/su.exec(rest) ?? [];
  const start = lineStart + head.length - words.length;
  const isCell = sign === '|' && !/^\s*(?:\d+ *)?\|/.test(rest);
  const isRest =
    (sign === '"' && /^\s/.test(words)) || (sign === '' && text.charAt(floor - 1) === '@');
  if (sign === '@' || isCell || isRest || words.length > maxName - 2)
    return { start, name: undefined };
  const isFresh = sign === ':' || rest === line.trimStart();
  return { start, name: ordinary.test(words) ? words : clean(bareName(words, isFresh)) };
}

// `"Reyes, Ana"`, also with the quotes of JSON and CSV inside: `\"Ana\"`, `""Ana""`.
function readQuoted(head: string): { name: string; from: number } | undefined {
  const mark = /(?:\\"|(?<!\\)""|"|&quot;)$/.exec(head)?.[0];
  if (mark === undefined) return undefined;
  const inner = head.slice(0, head.length - mark.length);
  const open = mark === '"' ? inner.search(/(?<!\\)"(?:[^"\\]|\\.)*$/) : inner.lastIndexOf(mark);
  if (open < 0) return { name: '', from: head.length };
  return { name: inner.slice(open + mark.length).replace(/\\(.)/g, '$1'), from: open };
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
  if (notName.test(own.at(-1) ?? '') || /,.*,\s*$/.test(words)) return '';
  if (own.length > maxWords || /\d|,.*,/.test(own.join(' '))) return longName(own);
  return isFresh || lead >= 0 || opened !== bare ? freshName(own) : shortName(own);
}

// Behind a label, a bracket or `by`, a name may be written in small letters.
function freshName(words: readonly string[]): string {
  return words.length > 3 && words.every((word) => small.test(word)) ? '' : words.join(' ');
}

function shortName(words: readonly string[]): string {
  const isSmall = (word: string) => small.test(word) && !particle.test(word);
  if (words.every((word) => small.test(word))) {
    return words.filter(isSmall).length === 2 ? words.join(' ') : '';
  }
  const first = words.findIndex((word) => !isSmall(word));
  return isSmall(words.at(-1) ?? '') ? '' : words.slice(first).join(' ');
}

// The part behind a quote or bracket that nothing closes; nothing when one closes that none opened.
function behindOpened(words: string): string {
  const opened = /(?:^|.*[\s([])'(?=[^'\s][^']*$)|^.*[([{](?=[^)\]}]*$)/.exec(words)?.[0];
  if (opened !== undefined) return words.slice(opened.length);
  return /^[^([{]*[)\]}]/.test(words) ? '' : words;
}

// Behind dates, and at the end of a sentence, a name is what is capitalized.
function longName(words: readonly string[]): string {
  const last = words.findLastIndex((word) => /\d/.test(word) && !numbered.test(word));
  if (last === words.length - 1)
    return words.length === 2 || words.length === 3 ? words.join(' ') : '';
  const isHalf = /^[ap]\.?m\.?,?$/i.test(words[last + 1] ?? '');
  const rest = words.slice(last + (isHalf ? 2 : 1));
  const isNamed = (word: string) =>
    particle.test(word) || numbered.test(word) || /^[("']?\p{Lu}/u.test(word);
  const name = rest.slice(rest.findLastIndex((word) => !isNamed(word)) + 1);
  const isCertain =
    (name.length > 1 || last >= 0) && name.length <= maxWords && !/,.*,/.test(name.join(' '));
  return isCertain && !name.every((word) => particle.test(word)) ? name.join(' ') : '';
}

function clean(name: string): string | undefined {
  const visible = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').replace(/\s+/g, ' ');
  const bare = visible.trim().replace(pair, '$2$3$4$5').trim();
  // An address posing as a name, an encoded word (RFC 2047), a number, or pairs that do not close.
  if (/[@\uFF20<>]|=\?|^\P{L}*$/u.test(bare)) return undefined;
  const count = (sign: string) => bare.split(sign).length;
  const isPaired = ['()', '[]', '{}'].every(
    ([open = '', close = '']) => count(open) === count(close),
  );
  return isPaired && count('"') % 2 === 1 ? bare : undefined;
}
