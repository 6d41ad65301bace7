import { unseen, unspaced } from './characters.ts';
import type { Trimmed } from './front.ts';

const trailing = new RegExp(`[._\\-\\u3002\\uFF0E\\uFF61${unseen}]+$`, 'u');
const goesOn = /^(?:(?:\x1B\[[\d;]*[A-Za-z])+[\w.]|\r?\n\.[a-z]{2}\b)/;
const script = new RegExp(`^[${unseen}]*(?!\\p{P})[${unspaced}]`, 'u');
const plain = new RegExp(
  [
    '^$',
    String.raw`^[\s\p{Cc}\p{Z}\p{Cf},;:!)\]}>"'\p{Ps}\p{Pe}\p{Pi}\p{Pf}\u0387\u0589\u0F0B-\u0F12\u104A\u104B\u1361-\u1368\u17D4\u17D5\u30FB\u055D\u060C\u061B\u061F\u06D4\u0964\u2013\u2014\u2026\u3001-\u3003\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65]`,
    String.raw`^[?](?:$|[^\w]|\w+(?:=|\s))`,
    '^[([{<]',
    String.raw`^\\(?:[nrtv"'\\]|u(?:00[0-3a]|2[\da-f]|30)[\da-f]|x[23][\da-f])`,
    String.raw`^&(?:(?:lt|gt|quot|nbsp|amp|apos|[lrb]d?s?quo|[lr]aquo|[mn]dash|hellip|bull|middot|#\d+|#x[\da-f]+|[a-z]{2,8});|[\w.-]+(?:\[\])?=)`,
    String.raw`^[/|](?:$|[\s>|]|[\w.+-]+@[\w-]+\.)`,
    String.raw`^E?<gt>`,
  ].join('|'),
  'iu',
);
const tagInside =
  /^<\/?(?!br\b|p\b|td\b|tr\b|th\b|li\b|div\b|a\b|script)[a-z!][^<>]*>[.-]*[\p{L}\p{N}]/iu;
const bracketedDot = /^[([{](?:\.|dot)[)\]}][\p{L}\p{N}]/iu;
const joinedLabel = /^[\u2010\u2011\u2024\u2212\uFE52\uFE63][\p{L}\p{N}]/u;
const hidden = /^[*\u2022\u25CF]{2}/;

/** Trims what follows a domain in its own run, and looks at what stands behind it. */
export function trimTail(domain: string, around: TailContext): Trimmed {
  const { behind, marks } = around;
  const perl = /E$/.test(domain) && behind.startsWith('<gt>') ? 1 : 0;
  const dots = trailing.exec(domain.slice(0, domain.length - perl))?.[0] ?? '';
  const dropped = dots.length + perl;
  if (joinedLabel.test(behind)) return { dropped, fault: 'bad-label' };
  if (bracketedDot.test(behind) && domain.includes('.')) return { dropped, fault: 'bad-label' };
  if (hidden.test(behind) && !marks.includes('*')) return { dropped, fault: 'masked' };
  if (script.test(behind)) return { dropped, review: 'script-change' };
  const isPlain = isPlainTail(dots, around) && !isFolded(around);
  return { dropped, review: isPlain ? undefined : 'glued' };
}

/** What stands around the end of a domain. */
export interface TailContext {
  readonly behind: string;
  /** What was dropped in front of the local part. */
  readonly marks: string;
  /** The column of the end of the domain in its line, at most 80. */
  readonly column: number;
  readonly isLink: boolean;
}

function isPlainTail(dots: string, { behind, marks, isLink }: TailContext): boolean {
  if (/-/.test(dots) || (dots.includes('_') && !marks.includes('_'))) return false;
  const [mark = ''] = behind;
  if (mark !== '' && '`*'.includes(mark)) return marks.includes(mark);
  if (isLink && (mark === '%' || mark === '?' || mark === '&')) return true;
  return plain.test(behind) && !tagInside.test(behind) && !goesOn.test(behind);
}

// Calendars and cards fold a line at 75 octets, even inside a word.
function isFolded({ behind, column }: TailContext): boolean {
  return column >= 60 && /^\r?\n[ \t][\w.-]/.test(behind);
}
