import {
  type Caller,
  type ChargeRequest,
  type ChargeResult,
  OrgUserManagerError,
} from '../../../src/index.ts';
import type { CounterName } from './counter.ts';
import { type CounterSession, changeCounters, readCounters, type Waiting } from './counters.ts';
import { toFailure } from './failures.ts';
import { addUp, fits, resultsOf, thoseThatFit, usedIn } from './merge-charges.ts';
import { copyOf, ofPartition, type Standing } from './standing.ts';

// Each round that fails means that a charge of another process was made since the counters were read.
const mostRounds = 20;

/** The charges of a group that were made or refused. */
type Answers = Map<ChargeRequest, ChargeResult>;

/**
 * Makes charges, as if one after another: in one statement when there is room for all of them. Otherwise
 * the counters are read, and those that fit are charged; the database has the last word on that, too.
 * Throws `conflict` when others were faster again and again.
 */
export async function chargeTogether(
  session: CounterSession,
  requests: readonly ChargeRequest[],
  mayHang: boolean,
): Promise<readonly ChargeResult[]> {
  const waiting = waitingOf(requests, mayHang);
  const answers: Answers = new Map();
  // Copies have an identity each: one request object may be charged several times at once.
  const all = requests.map((request) => ({ ...request }));
  try {
    await chargeInRounds(session, all, { answers, waiting });
  } catch (error) {
    // All callers get this error. `done: false` in it would be wrong for the charges that were made.
    throw answers.size === 0 ? toFailure(session.engine, error) : error;
  }
  return all.flatMap((request) => answers.get(request) ?? []);
}

async function chargeInRounds(
  session: CounterSession,
  all: readonly ChargeRequest[],
  { answers, waiting }: { readonly answers: Answers; readonly waiting: Waiting },
): Promise<void> {
  let open = all;
  let charged = open;
  let seen: Standing = new Map();
  for (let round = 0; round < mostRounds; round += 1) {
    const before = await change(session, charged, { seen, ...waiting });
    if (before) {
      const results = resultsOf(open, new Set(charged), before);
      for (const [index, request] of open.entries()) {
        const answer = results[index];
        if (answer) answers.set(request, answer);
      }
      open = open.filter((request) => !answers.has(request));
    }
    if (open.length === 0) return;
    seen = await readCounters(session, open.flatMap(namesOf), 'newest');
    charged = thoseThatFit(open, seen);
  }
  throw new OrgUserManagerError('conflict', {});
}

/** Charges, and returns the known counters as they were before; undefined when one has no room. */
async function change(
  session: CounterSession,
  charged: readonly ChargeRequest[],
  { seen, ...waiting }: Waiting & { readonly seen: Standing },
): Promise<Standing | undefined> {
  if (charged.length === 0) return seen;
  const changes = addUp(charged);
  const after = await changeCounters(session, changes, waiting);
  if (!after) return undefined;
  const before = copyOf(seen);
  for (const { partition, key, change } of changes) {
    const used = after.get(partition)?.get(key) ?? 0;
    ofPartition(before, partition).set(key, used - change);
  }
  return before;
}

/**
 * Makes one charge inside a transaction of the host. The counters are asked first, so that a refusal
 * is no error in it.
 */
export async function chargeInHostTransaction(
  session: CounterSession,
  request: ChargeRequest,
): Promise<ChargeResult> {
  const seen = await readCounters(session, namesOf(request), 'visible');
  return chargeAlone(session, request, { seen });
}

/** What is known before a single charge. */
interface Known extends Pick<Waiting, 'mayHang'> {
  /** The counters as they were read before. */
  readonly seen?: Standing;
}

/** Makes one charge by itself, unless it is `seen` that there is no room. Throws `conflict`. */
export async function chargeAlone(
  session: CounterSession,
  request: ChargeRequest,
  { seen, mayHang = false }: Known,
): Promise<ChargeResult> {
  try {
    return await chargeOnce(session, request, { seen, mayHang });
  } catch (error) {
    throw toFailure(session.engine, error);
  }
}

async function chargeOnce(
  session: CounterSession,
  request: ChargeRequest,
  { seen, mayHang }: Known,
): Promise<ChargeResult> {
  const newest = () => readCounters(session, namesOf(request), 'newest');
  let counters = seen;
  for (let round = 0; round < mostRounds; round += 1) {
    // What a transaction of the host sees may be old: it is no reason to refuse.
    if (counters && session.locksReads && !fits(request, counters)) counters = await newest();
    if (counters && !fits(request, counters)) {
      return { allowed: false, used: usedIn(request, counters) };
    }
    const after = await changeCounters(session, addUp([request]), {
      caller: request.caller,
      mayHang,
    });
    if (after) return { allowed: true, used: usedIn(request, after) };
    counters = await newest();
  }
  throw new OrgUserManagerError('conflict', {});
}

/** The counters that a charge touches. */
export function namesOf({ partition, windows }: ChargeRequest): readonly CounterName[] {
  return windows.map(({ key }) => ({ partition, key }));
}

// The fraction of their time that organizations wait together for counters; then each waits for its own.
const sharedPart = 0.25;

/** The caller of merged charges: it waits while one of theirs waits. */
function waitingOf(requests: readonly ChargeRequest[], mayHang: boolean): Waiting {
  const isShared = new Set(requests.map(({ partition }) => partition)).size > 1;
  const caller: Caller = {
    get isGone() {
      return requests.every((request) => request.caller?.isGone);
    },
    get remainingMs() {
      const longest = Math.max(
        ...requests.map((request) => request.caller?.remainingMs ?? Number.POSITIVE_INFINITY),
      );
      return isShared ? longest * sharedPart : longest;
    },
  };
  return { caller, mayHang: mayHang || isShared };
}
