const halfOfDay = /^[ap]\.?m\.?,?$/i;
// `3M Sales`, `1&1 Support`.
const namedByNumber = /^\d+(?:\p{Lu}|&\d+)$/u;
const maxWords = 4;
const maxSmallWords = 2;
const particle =
  /^(?:van|von|de|der|den|del|della|di|da|do|dos|das|la|las|los|le|bin|ibn|al|el|du|zu|zur|ten|ter|af|av)$/i;
const conjunction = /^(?:y|e|i|и|et|and|und|of|the|[-\u2013\u2014/&])$/;
// Bullets, boxes to tick, `[EXT]` and marks of emphasis; an at sign and `=?` tell what is no name.
const lead =
  /^(?:\[[^\]]*\]|[+#](?!\p{L})|'(?=\s)|[^\p{L}\p{N}\p{M}\p{Ps}\p{Pi}"'@=+#\uFF20])+(?=\S)/u;
// Marks of direction say where a name starts in a line that runs the other way.
const embedded =
  /[\u202A\u202B\u2066-\u2068]([^\u202A-\u202E\u2066-\u2069]+)[\u202C\u2069]\p{Cf}*$/u;
const nameKey = /^[\w.-]+=(?=[^?=\s])/;
const markup = /[*_`~\s\p{Pd}\u2192\u2022]+$/u;
const pair =
  /^(?:(['"`*\u2018\u201C])(.*)['"`*\u2019\u201D]|\u201E(.*)[\u201C\u201D]|\u00AB(.*)\u00BB|\(([^()]*)\))$/;

/** The name in the words before an address. */
export function nameOf(text: string, isBetween: boolean): string {
  const words = embedded.exec(text)?.[1] ?? text;
  const bare = withoutComma(words.replace(lead, '').replace(nameKey, '').replace(markup, ''));
  const all = bare.split(/\s+/).filter((word) => word !== '');
  const named = behindNumbers(all);
  if (named.length === all.length && all.length <= maxWords) return shortName(all, isBetween);
  let first = named.length;
  while (first > 0 && isNameWord(named[first - 1] ?? '')) first--;
  const name = named.slice(first);
  while (conjunction.test(name[0] ?? '')) name.shift();
  // Letters without capitals do not tell where a name starts.
  const isTold = name.length <= maxWords || name.some((word) => /\p{Lu}/u.test(word));
  return isTold ? name.join(' ') : '';
}

/** A name without its quotes and what nobody sees; empty when it is none. */
export function cleanName(name: string): string {
  const visible = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').replace(/\s+/g, ' ');
  const bare = visible.trim().replace(pair, '$2$3$4$5');
  // An address posing as a name, an encoded word (RFC 2047) or a number helps nobody.
  return /[@\uFF20]|=\?|^\P{L}*$/u.test(bare) ? '' : bare.trim();
}

// Behind several columns of a table there is no telling which is the name.
function withoutComma(words: string): string {
  if (!words.endsWith(',')) return words;
  const cell = words.replace(/[\s,]+$/, '');
  return cell.includes(',') ? '' : cell;
}

// `and Ana Reyes`, `please invite Ana Reyes`: what leads to a name is small, unless all of it is.
function shortName(words: readonly string[], isBetween: boolean): string {
  const first = words.findIndex((word) => !isSmall(word));
  const hasLarge = words.some((word) => !isSmall(word) && !particle.test(word));
  if (hasLarge) return words.slice(first).join(' ');
  const isWhole = words.filter(isSmall).length <= maxSmallWords && !isBetween;
  return isWhole ? words.join(' ') : '';
}

function isSmall(word: string): boolean {
  return conjunction.test(word) || (/^\p{Ll}[^\p{Lu}]*$/u.test(word) && !particle.test(word));
}

// In front of a name there may be a date, a time, the number of a line: `at 10:11 AM Ana <ana@…>`.
function behindNumbers(words: readonly string[]): readonly string[] {
  const last = words.findLastIndex((word) => /\d/.test(word) && !namedByNumber.test(word));
  if (last < 0 || last === words.length - 1) return words;
  return words.slice(halfOfDay.test(words[last + 1] ?? '') ? last + 2 : last + 1);
}

function isNameWord(word: string): boolean {
  return (
    /^[("'\u201C\u2018]?(?!\p{Ll})[\p{L}\p{N}]/u.test(word) ||
    particle.test(word) ||
    conjunction.test(word)
  );
}
