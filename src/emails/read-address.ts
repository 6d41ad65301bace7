import { hasOwn } from '../system/has-own.ts';
import type { Candidate, Rejection, Scope } from './candidate.ts';
import { cleanFront } from './clean-front.ts';
import { judgeFound } from './judge-found.ts';
import { hashKey } from './key-hash.ts';
import type { Ledger } from './ledger.ts';
import { readCandidate } from './read-candidate.ts';
import { rejectByContext } from './reject-by-context.ts';
import { rejectSpaced, rejectWithoutLocalPart } from './reject-without-local-part.ts';

const slash = 0x2f;

/**
 * Enters what stands around the at sign at `at` into the ledger. Returns where it ends, which no
 * later at sign looks behind.
 */
export function readAddress(scope: Scope, ledger: Ledger, at: number): number {
  const candidate = readCandidate(scope, at);
  const rejection = rejectAtSight(scope, candidate);
  if (rejection) return enterRejection(scope, ledger, rejection);
  const { start, end } = candidate;
  if (start === at) return end;
  const front = cleanFront(scope, candidate);
  if (front.reason) return enterRejection(scope, ledger, { reason: front.reason, start, end });
  const found = judgeFound(scope, ledger, { candidate, start: front.start, review: front.review });
  if (!hasOwn(found, 'verdict')) return enterRejection(scope, ledger, found);
  ledger.addAddress(found, hashKey(found.key));
  return found.index + found.length;
}

function rejectAtSight(scope: Scope, candidate: Candidate): Rejection | undefined {
  const { start, at, domainStart, end, chained } = candidate;
  if (start === at) return rejectWithoutLocalPart(scope, candidate);
  const rejection = rejectByContext(scope, candidate);
  if (rejection) return rejection;
  if (chained) {
    // `https://social.example/@alice@other.example`
    const isHandle = scope.text.charCodeAt(at - 1) === slash;
    return { reason: isHandle ? 'handle' : 'double-at', start, end };
  }
  return end === domainStart ? rejectSpaced(scope, candidate) : undefined;
}

function enterRejection(scope: Scope, ledger: Ledger, rejection: Rejection): number {
  if (rejection.reason === 'message-id') scope.messageIdEnd = rejection.end;
  // A quoted local part swallows what was taken for addresses inside its quotes.
  if (rejection.reason === 'quoted-local') ledger.forget(rejection.start);
  ledger.addRejection(rejection);
  return rejection.end;
}
