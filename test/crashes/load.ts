import { setTimeout } from 'node:timers/promises';
import { type OrgUserManager, systemActor } from 'org-user-manager';
import type { Place } from '../fixtures/place.ts';
import type { Call, CallReport } from '../fixtures/worker-commands.ts';
import { startWorker, type Worker } from '../fixtures/workers.ts';
import { createArena } from '../races/race.ts';
import { drawCall, staff } from './mixed-calls.ts';
import type { Random } from './random.ts';

/** Pending invitations that each organization of the load may have. */
export const pendingLimit = 12;
const memberLimit = 12;
const workerCount = 3;
// Calls that one process has under way at once.
const lanes = 3;

/** A call of the load. */
export interface LoggedCall {
  readonly orgId: string;
  readonly call: Call;
  /** How it ended; absent as long as nobody was told. */
  outcome?: string;
}

/** Processes that call at random on two organizations. */
export interface Load {
  readonly calls: readonly LoggedCall[];
  /** Goes on with fresh organizations; the first ones have to be asked for, too. */
  renew(): Promise<void>;
  /**
   * Lets three processes call, kills two of them, each at a random moment while the others go on, and
   * lets the last one come to rest. Resolves with how many calls each leaves unanswered.
   */
  killTwo(): Promise<readonly number[]>;
  /** Ends the processes; resolves with the errors that had no caller. */
  close(): Promise<readonly string[]>;
}

/** What a load works with. */
export interface LoadTerms {
  readonly place: Place;
  /** Prepares organizations and looks up invitations; makes no call of the load. */
  readonly manager: OrgUserManager;
  readonly random: Random;
  /** Where the processes note the mails they send. */
  readonly mailLog: string;
}

interface Caller {
  readonly worker: Worker;
  /** Calls that nobody has answered yet. */
  readonly open: Set<LoggedCall>;
  isKilled: boolean;
}

/** Opens the first processes; they rest until one of them is to be killed. */
export async function openLoad({ place, manager, random, mailLog }: LoadTerms): Promise<Load> {
  const calls: LoggedCall[] = [];
  const callers: Caller[] = [];
  let orgIds: readonly string[] = [];
  let generation = 0;
  let isResting = true;

  const pick = <T>(all: readonly T[]): T => {
    const one = all[Math.floor(random() * all.length)];
    if (one === undefined) throw new Error('there is nothing to pick from');
    return one;
  };

  async function runLane(caller: Caller): Promise<void> {
    while (!isResting) {
      const orgId = pick(orgIds);
      const call = await drawCall(manager, orgId, random);
      if (caller.isKilled) return;
      const logged: LoggedCall = { orgId, call };
      calls.push(logged);
      caller.open.add(logged);
      await tell(caller.worker, call).then(
        (outcome) => {
          logged.outcome = outcome;
          caller.open.delete(logged);
        },
        (error: unknown) => {
          if (!caller.isKilled) throw error;
        },
      );
    }
  }

  async function recruit(): Promise<Caller> {
    const worker = await startWorker();
    await worker.ask({ do: 'open', place, mailLog });
    // Loads what a first call loads: the kill is to find it at work.
    const nobody = { orgId: 'nowhere', actor: systemActor, userId: 'nobody' };
    await tell(worker, { method: 'promote', input: nobody });
    return { worker, open: new Set(), isKilled: false };
  }

  async function fill(): Promise<void> {
    const missing = Array.from({ length: workerCount - callers.length }, recruit);
    callers.push(...(await Promise.all(missing)));
  }

  return {
    calls,
    async renew() {
      generation += 1;
      orgIds = [1, 2].map((index) => `org-${generation}-${index}`);
      for (const orgId of orgIds) {
        const arena = await createArena(manager, orgId, memberLimit);
        for (const userId of staff) await arena.join(userId, userId === 'u_0' ? 'admin' : 'member');
      }
    },
    async killTwo() {
      await fill();
      isResting = false;
      const running = callers.flatMap((caller) =>
        Array.from({ length: lanes }, () => runLane(caller)),
      );
      const victims: Caller[] = [];
      while (callers.length > 1) {
        await setTimeout(5 + random() * 55);
        const victim = pick(callers);
        callers.splice(callers.indexOf(victim), 1);
        victims.push(victim);
        victim.isKilled = true;
        await victim.worker.kill();
      }
      await setTimeout(5 + random() * 25);
      isResting = true;
      await Promise.all(running);
      return victims.map(({ open }) => open.size);
    },
    async close() {
      const workers = callers.map(({ worker }) => worker);
      const told = await Promise.all(
        workers.map(async (worker) => {
          // What is in the outbox after this was claimed by the dead.
          await tell(worker, { method: 'deliverMail', input: undefined });
          return worker.ask<readonly string[]>({ do: 'close' });
        }),
      );
      await Promise.all(workers.map((worker) => worker.stop()));
      return told.flat();
    },
  };
}

async function tell(worker: Worker, call: Call): Promise<string> {
  // Whether a call had anything to write is not asked here.
  const terms = { orgId: '', by: '', at: 0n, pendingInvitationLimit: pendingLimit };
  const { outcome } = await worker.ask<CallReport>({ do: 'call', call, ...terms });
  return outcome;
}
