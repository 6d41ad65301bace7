import {
  type Caller,
  type ChargeRequest,
  type ChargeResult,
  OrgUserManagerError,
} from '../../../src/index.ts';
import type { Departure } from '../../group-commit/group-commit.ts';
import type { CounterName } from './counter.ts';
import { type CounterSession, changeCounters, readCounters, type Waiting } from './counters.ts';
import { beforeCharge } from './failures.ts';
import { addUp, fits, resultsOf, thoseThatFit, usedIn } from './merge-charges.ts';
import { copyOf, ofPartition, type Standing } from './standing.ts';

// Each round that fails means that a charge of another process was made since the counters were read.
const mostRounds = 20;

/** A charge of a group. */
interface GroupedCharge extends ChargeRequest {
  readonly index: number;
}

/**
 * Makes charges, as if one after another: in one statement when there is room for all of them. Otherwise
 * the counters are read, and those that fit are charged; the database has the last word on that, too.
 * Each is answered once it was made or refused. Throws `conflict` when others were faster again and again.
 */
export async function chargeTogether(
  session: CounterSession,
  requests: readonly ChargeRequest[],
  { mayHang, answer }: Departure<ChargeResult>,
): Promise<void> {
  // Copies have an index each: one request object may be charged several times at once.
  let open: readonly GroupedCharge[] = requests.map((request, index) => ({ ...request, index }));
  let charged: readonly ChargeRequest[] = open;
  let seen: Standing = new Map();
  let waiting: Waiting = { mayHang };
  for (let round = 0; round < mostRounds; round += 1) {
    waiting = waitingOf(open, waiting);
    const before = await change(session, charged, { seen, ...waiting });
    if (before) {
      const results = resultsOf(open, new Set(charged), before);
      for (const [place, { index }] of open.entries()) {
        const result = results[place];
        if (result) answer(index, result);
      }
      open = open.filter((_, place) => !results[place]);
    }
    if (open.length === 0) return;
    seen = await readNewest(session, open);
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
  let counters = seen;
  for (let round = 0; round < mostRounds; round += 1) {
    // What a transaction of the host sees may be old: it is no reason to refuse.
    if (counters && session.locksReads && !fits(request, counters)) {
      counters = await readNewest(session, [request]);
    }
    if (counters && !fits(request, counters)) {
      return { allowed: false, used: usedIn(request, counters) };
    }
    const after = await changeCounters(session, addUp([request]), {
      caller: request.caller,
      mayHang,
    });
    if (after) return { allowed: true, used: usedIn(request, after) };
    counters = await readNewest(session, [request]);
  }
  throw new OrgUserManagerError('conflict', {});
}

/** Reads the counters of charges that were not made. */
function readNewest(
  session: CounterSession,
  requests: readonly ChargeRequest[],
): Promise<Standing> {
  const read = () => readCounters(session, requests.flatMap(namesOf), 'newest');
  // A transaction of the host may be lost by now, which only the error itself says.
  return session.db.isTransaction ? read() : beforeCharge(read);
}

/** The counters that a charge touches. */
export function namesOf({ partition, windows }: ChargeRequest): readonly CounterName[] {
  return windows.map(({ key }) => ({ partition, key }));
}

// The fraction of their time that organizations wait together for counters; then each waits for its own.
const sharedPart = 0.25;

/** The caller of merged charges: it waits while one of theirs waits. */
function waitingOf(requests: readonly ChargeRequest[], { mayHang = false }: Waiting): Waiting {
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
