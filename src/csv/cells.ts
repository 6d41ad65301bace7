import type { Role } from '../model/member.ts';
import type { Units } from '../model/usage-limit.ts';
import { isPhoneNumber } from '../phones/is-phone-number.ts';

const wholeNumber = /^(?:0|[1-9]\d*)$/;

/** The role that a clean cell names, or nothing. */
export function roleOf(cell: string): Role | undefined {
  const name = cell.toLowerCase();
  return name === 'member' || name === 'admin' ? name : undefined;
}

/** What a clean cell limits: `null` for no limit, nothing when it is no limit at all. */
export function unitsOf(cell: string): Units | undefined {
  if (cell === '' || /^(?:unlimited|no limit)$/i.test(cell)) return null;
  const units = Number(cell);
  return wholeNumber.test(cell) && Number.isSafeInteger(units) ? units : undefined;
}

/** The E.164 form of a number that is written out with its country, or nothing. */
export function phoneOf(cell: string): string | undefined {
  const number = cell.replace(/[\s().\-/]/g, '');
  return isPhoneNumber(number) ? number : undefined;
}

// As long as a member's name may be.
const longestName = 200;

/** A name on one line, free of control and invisible characters, cut where it is too long. */
export function nameOf(cell: string): string {
  return cell
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longestName)
    .trim()
    .replace(/\p{Cs}/gu, '');
}
