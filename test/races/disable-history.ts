import { OrgUserSupport } from 'org-user-manager/support';
import type { CallReport, Check } from '../fixtures/worker-commands.ts';
import type { Stadium } from './open-stadium.ts';
import { createArena, founder } from './race.ts';

/** What happened in one round, on one clock. */
interface Round {
  /** How `disable()` went in the process that called it. */
  readonly disabling: CallReport;
  /** The usage checks of all processes. */
  readonly checks: readonly Check[];
}

/** What a history says. */
export interface HistoryResult {
  readonly rounds: number;
  readonly checks: number;
  /** Rounds in which a check was allowed that began while `disable()` was under way. */
  readonly close: number;
  /** Checks that were allowed though they began after `disable()` had resolved. */
  readonly violations: number;
  /** Every way in which a loop of checks or a disabling ended. */
  readonly endings: readonly string[];
}

const orgId = 'acme';
const userId = 'u_1';

/** Lets every process check usage in a loop while one of them disables the member, many times. */
export async function recordHistory(stadium: Stadium, rounds: number): Promise<readonly Round[]> {
  const { manager, storage } = stadium;
  const support = new OrgUserSupport({ storage });
  const arena = await createArena(manager, orgId, null);
  await arena.join(userId);
  const history: Round[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    history.push(await playRound(stadium, turn));
    await support.restore({ orgId, userId, operator: 'desk-1', reason: 'the next round' });
  }
  return history;
}

async function playRound({ workers }: Stadium, turn: number): Promise<Round> {
  const disabler = workers[turn % workers.length];
  if (!disabler) throw new Error('there are no workers');
  const checking = workers.map((worker) =>
    worker.ask<readonly Check[]>({ do: 'check', orgId, userId }),
  );
  const disabling = await disabler.ask<CallReport>({
    do: 'call',
    orgId,
    by: founder,
    // From 2 to 6 ms on, in steps that never meet the checks' rhythm twice.
    at: process.hrtime.bigint() + 2_000_000n + BigInt((turn * 617) % 4000) * 1000n,
    call: { method: 'disable', input: { orgId, actor: { userId: founder }, userId } },
    pendingInvitationLimit: 1000,
  });
  return { disabling, checks: (await Promise.all(checking)).flat() };
}

/** Looks for checks that began after the disabling had resolved and were allowed all the same. */
export function judgeHistory(history: readonly Round[]): HistoryResult {
  const allowedAfter = ({ checks }: Round, instant: bigint) =>
    checks.filter(({ outcome, startedAt }) => outcome === 'allowed' && startedAt > instant).length;
  const endings = history.flatMap(({ disabling, checks }) => [
    disabling.outcome,
    ...checks.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'allowed'),
  ]);
  return {
    rounds: history.length,
    checks: history.reduce((sum, { checks }) => sum + checks.length, 0),
    close: history.filter((round) => allowedAfter(round, round.disabling.startedAt) > 0).length,
    violations: history.reduce(
      (sum, round) => sum + allowedAfter(round, round.disabling.endedAt),
      0,
    ),
    endings: [...new Set(endings)].toSorted(),
  };
}
