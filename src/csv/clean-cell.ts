import { withoutBlanksAround } from '../emails/judge/judge-entry.ts';
import { unguarded } from './formula-guard.ts';

/** A cell without the apostrophes that keep it from being a formula, and without blanks around it. */
export function cleanCell(cell: string): string {
  return withoutBlanksAround(unguarded(cell));
}
