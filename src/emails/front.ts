import { unseen, unspaced } from './characters.ts';
import type { Context } from './context-rules.ts';
import type { AddressReason, ReviewReason } from './judge/reasons.ts';
import { foldWidth } from './judge/text-forms.ts';

/** What is left of a token's end once plain wrappers are gone. */
export interface Trimmed {
  /** How many code units were dropped. */
  readonly dropped: number;
  /** Why a person should look: something odd was dropped, or stands beside it. */
  readonly review?: ReviewReason | undefined;
  readonly fault?: AddressReason | undefined;
}

const terminalCode = String.raw`(?:\x1B|\\u001b|\^\[)\[`;
const terminal = new RegExp(
  String.raw`^.*?(\w?)(?:${terminalCode}[\d;]*[A-Za-z])+(?!.*${terminalCode})`,
  'is',
);
const leading = new RegExp(`^[${unseen}]+`, 'u');
const sourceEscape = /^(?:[nrtv]|u([\da-f]{4})|x[\da-f]{2})/i;
const urlEscapes = /^.*%(?:0[9AD]|2[0267C]|3[A-F]|5[BD]|7[BD])/i;
const quotedPrintable = /^.*=(?:3D|20|09|3C|22|27)/;
const key = /(^|[^\w.-]|--)([\w.-]*)(?:\[\])?:?=+$/;
const plainKey =
  /mail|^(?:to|r?cpt|cc|bcc|from|by|e|u|user|username|uid|login|addr|account|owner|author|actor|contact|sender|recipients?|name|q|admin|text|value|list-id|.*[_.-](?:to|cc|bcc|from|path|user|owner))$/i;
const beside = /(?:^|[\s\p{Z}"'([<>,;:])$/u;
const scriptChange = new RegExp(`^.*[${unspaced}\\u3005\\u30FC]\\p{Cf}*(?=[\\x21-\\x7E]+$)`, 'u');
const numbered = /^([\d\uFF10-\uFF19]{1,3})[.)\uFF0E](?=[\p{L}\d])/u;
const plainBefore =
  /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point},;:"'()<>[\]{}\p{Z}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\u055D\u060C\u061B\u061F\u06D4\u0964\u2013\u2014\u2026\u3001-\u3003\uFF01-\uFF0F\uFF1A-\uFF1F\uFF3B-\uFF40\uFF5B-\uFF65\u00A1\u00BF]$/u;
const bullet =
  /(?:^|[\s\p{Cf}])[\u00B7\u2022-\u2023\u2043\u2190-\u21FF\u2219\u25A0-\u25FF\u2605\u2606\u2713-\u2716\u27A2\u27A4]\uFE0F?$/u;
const joined =
  /[\p{L}\p{N}][\u0080-\u0084\u0086-\u009F\u201A\u201E\u2018\u2019\u02B9\u2032\u00B4\u2010-\u2012\u2212\u00B7\u2022\u25CF\p{No}\uFFFD]+$/u;
const hidden =
  /[\u2022\u25CF\u00B7\u25A0\u25CB\u2605\u2606\u00D7\u2591\u25E6\u2B24\uFF0A\u2716]{2,}$/u;

// A tag, a bracket, a quote, a folded line or a hyphen in the middle of a word.
const insideWord = new RegExp(
  [
    String.raw`[\p{L}\p{N}]<[/!]?[a-z-][^<>]*>$`,
    String.raw`(?:^|[^\p{L}])\p{L}\u2026$`,
    String.raw`[\p{L}\p{N}%$.][([{][^()[\]{}]*[)\]}]$`,
    String.raw`[([{](?:\.|dot)[)\]}]\s$`,
    String.raw`(?:^|[^"])[\p{L}\p{N}]+\\?"$`,
    String.raw`(?:^|\n)[^\r\n]{60,76}[\w.+-]\r?\n[ \t]$`,
    String.raw`(?:^|[\s<"'(,;:])[\p{L}\p{N}_+]+(?:\.[\p{L}\p{N}_+]+)+-\r?\n$`,
  ].join('|'),
  'iu',
);

/** Trims what wraps a local part in front. */
export function trimFront(context: Context, tail: string, isLink: boolean): Trimmed {
  const { local, before } = context;
  const spelled = dropEscape(context, isLink);
  if (spelled.fault) return spelled;
  const inner = dropInner(local.slice(spelled.dropped), spelled.dropped > 0 ? '' : before);
  const from = spelled.dropped + inner.dropped;
  const marks = dropMarks(local.slice(from), from === 0 ? before : local.slice(0, from), tail);
  const dropped = from + marks.dropped;
  const fault = inner.fault ?? marks.fault;
  const isTime = /\d:$/.test(before) && /^\d/.test(local);
  const odd = from > 0 ? none : isTime ? glued : besideFront(before);
  const cut = dropList(context, dropped);
  const review = spelled.review ?? inner.review ?? marks.review ?? odd.review ?? cut.review;
  return { dropped: dropped + cut.dropped, review, fault: fault ?? odd.fault };
}

const none: Trimmed = { dropped: 0 };
const glued: Trimmed = { dropped: 0, review: 'glued' };

// Escapes that spell a separator: what stands behind them is the address.
function dropEscape({ lead, before, local }: Context, isLink: boolean): Trimmed {
  const invisible = leading.exec(local)?.[0].length ?? 0;
  if (invisible > 0) return { dropped: invisible };
  const code = terminal.exec(lead);
  const behind = lead.length - (code?.[0].length ?? 0);
  if (code && behind <= local.length) {
    return { dropped: local.length - behind, fault: code[1] ? 'entity-encoded' : undefined };
  }
  if (before.endsWith('\\')) return dropSourceEscape(before, local);
  const escaped = urlEscapes.exec(local)?.[0] ?? '';
  if (escaped) return { dropped: escaped.length, review: isLink ? undefined : 'percent-sign' };
  const quoted = quotedPrintable.exec(local)?.[0] ?? '';
  return quoted ? { dropped: quoted.length, review: 'glued' } : none;
}

function dropSourceEscape(before: string, local: string): Trimmed {
  const bare = before.replace(/(?:\\+[nrt])*\\+$/, '');
  // A backslash that spells nothing parts the folders of a path.
  if (/\\[^nrtu"\\/\s][^\s"]*$/.test(bare)) return { dropped: 0, fault: 'bad-char' };
  if (local.startsWith('/')) return none;
  const [found = '', unicode = ''] = sourceEscape.exec(local) ?? [];
  if (found === '') return /\w$/.test(bare) ? { dropped: 0, fault: 'bad-char' } : none;
  const isInside = /[\w:]$/.test(bare);
  if (isLetter(unicode, isInside)) return { dropped: 0, fault: 'entity-encoded' };
  return { dropped: found.length, review: isInside ? 'glued' : undefined };
}

function isLetter(unicode: string, isInside: boolean): boolean {
  if (unicode === '') return false;
  const spelled = String.fromCharCode(Number.parseInt(unicode, 16));
  return /[\p{L}\p{N}]/u.test(spelled) || (isInside && /['.-]/.test(spelled));
}

// Behind the last slash, bar, brace and equals sign.
function dropInner(local: string, before: string): Trimmed {
  const signs = local.startsWith('//') ? '/|?{}#' : '/|?{}';
  const wrapper = Math.max(...Array.from(signs, (sign) => local.lastIndexOf(sign)));
  const equals = local.lastIndexOf('=');
  if (equals > wrapper) {
    const isPlain = isKeyed(before.slice(-24) + local.slice(0, equals + 1));
    return { dropped: equals + 1, review: isPlain ? undefined : 'glued' };
  }
  if (wrapper < 0) return none;
  const dropped = wrapper + 1;
  if (/^[-_.+]|^$/.test(local.slice(dropped)) && local[wrapper] === '}') {
    return { dropped, fault: 'bad-char' };
  }
  const isPlain = /^(?:[|{]+|\/)$/.test(local.slice(0, dropped)) && beside.test(before);
  return { dropped, review: isPlain ? undefined : 'glued' };
}

// `MAIL=`, `?to=`, `--cc=`, and an equals sign that nothing stands in front of.
function isKeyed(lead: string): boolean {
  const [, sign = '', name = ''] = key.exec(lead) ?? [];
  return (
    (name === '' && sign !== '-') ||
    isKey(name) ||
    /[?&]$|--[\w-]*$/.test(sign + name) ||
    /[?&]/.test(sign)
  );
}

/** Whether a word names what holds an address. */
export function isKey(name: string): boolean {
  return plainKey.test(name) || /^[A-Z\d_]{2,}$/.test(name);
}

// Quotes and emphasis are plain in pairs; so is a star or a number sign that is a bullet.
function dropMarks(local: string, before: string, tail: string): Trimmed {
  const literal = /^'/.test(tail) ? (/^[A-Za-z]{1,2}'(?=[^']+$)/.exec(local)?.[0] ?? '') : '';
  if (literal) return { dropped: literal.length };
  const marks = /^(?:_+(?=[^_])|(?!%[89A-F][\dA-F])['`*~#!$%^&])*/i.exec(local)?.[0] ?? '';
  const isPaired = marks.includes('_') && /^_/.test(tail);
  const used = isPaired ? marks : marks.replace(/_.*$/, '');
  if (used === '') return none;
  const odd = used.replaceAll("'", '').replaceAll('_', '');
  const stars = odd.replaceAll('`', '');
  if (/^\*{2,}$/.test(stars) && !tail.includes('*')) return { dropped: 0, fault: 'masked' };
  const isBullet = stars === '*' && /^$|\s$/.test(before);
  const isOpen = Array.from(new Set(odd)).some(
    (mark) => !'`*'.includes(mark) || !tail.includes(mark),
  );
  return { dropped: used.length, review: isOpen && !isBullet ? 'glued' : undefined };
}

function besideFront(before: string): Trimmed {
  if (before === '' || bullet.test(before)) return none;
  if (hidden.test(before)) return { dropped: 0, fault: 'masked' };
  if (joined.test(before)) return { dropped: 0, fault: 'bad-char' };
  if (!plainBefore.test(before)) return { dropped: 0, review: 'glued' };
  return insideWord.test(before) ? { dropped: 0, review: 'glued' } : none;
}

// `1.ana@…` above `2.petr@…`, and a script without spaces that runs into an address.
function dropList({ before, above, local, behind }: Context, from: number): Trimmed {
  const rest = local.slice(from);
  const cut = scriptChange.exec(rest)?.[0] ?? '';
  if (cut) return { dropped: cut.length, review: 'script-change' };
  if (from > 0 || !/(?:^|\n)[ \t]*$/.test(before)) return none;
  const [found = '', number = ''] = numbered.exec(rest) ?? [];
  if (found === '') return none;
  const next = /^[^\n]*\n[ \t]*([\d\uFF10-\uFF19]{1,3})[.)\uFF0E]/.exec(behind)?.[1];
  const last = /(?:^|\n)[ \t]*([\d\uFF10-\uFF19]{1,3})[.)\uFF0E][^\n]*\n[ \t]*$/.exec(above)?.[1];
  const isList = count(next) === count(number) + 1 || count(last) === count(number) - 1;
  return isList ? { dropped: found.length, review: 'glued' } : none;
}

function count(number = ''): number {
  return Number(foldWidth(number));
}
