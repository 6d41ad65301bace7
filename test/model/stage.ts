import type { Storage } from 'org-user-manager';
import { type FakeClock, fakeClock } from 'org-user-manager/testing';
import { expect } from 'vitest';
import { findBreaches, type OrganizationFacts } from '../fixtures/invariants.ts';
import { fill } from './fill.ts';
import type { Call } from './operations.ts';
import type { Outcome } from './outcome.ts';
import { openReal, type Perform } from './real.ts';
import { predict } from './rules.ts';
import { terms, type World } from './world.ts';

/** A storage under test; runs share it, each with organizations of its own. */
export interface Database {
  readonly storage: Storage;
  /** Reads organizations past the library, where there are tables. */
  readFacts(orgIds: readonly string[]): Promise<readonly OrganizationFacts[]>;
}

/** One run: the library and the model side by side. */
export interface Stage {
  readonly database: Database;
  readonly clock: FakeClock;
  /** Begins the ids of this run's organizations. */
  readonly prefix: string;
  readonly perform: Perform;
  world: World;
}

let runs = 0;

/** An empty stage. */
export function openStage(database: Database): Stage {
  runs += 1;
  const clock = fakeClock();
  return {
    database,
    clock,
    prefix: `r${runs}`,
    perform: openReal(database.storage, clock),
    world: { now: clock.now(), teams: new Map() },
  };
}

/** Makes one call on both; the library has to end it as the model says. */
export async function play(stage: Stage, call: Call): Promise<void> {
  const { world, prefix, perform } = stage;
  const filled = fill(call, world, prefix);
  const actual = await perform(filled);
  expect(actual, JSON.stringify(filled)).toStrictEqual(predict(world, filled, actual));
}

/** What the library shows of every organization. */
export async function look({ world, perform }: Stage) {
  const sights: { readonly call: Call; readonly actual: Outcome }[] = [];
  for (const orgId of world.teams.keys()) {
    const whole = { orgId, actor: { system: true } } as const;
    const calls: readonly Call[] = [
      // Two settings of a policy answer alike in either order; the result shows which came last.
      { operation: 'organization', input: whole },
      { operation: 'listMembers', input: { ...whole, status: 'all' } },
      { operation: 'listInvitations', input: { ...whole, status: 'all' } },
      { operation: 'usage', input: whole },
    ];
    for (const call of calls) sights.push({ call, actual: await perform(call) });
  }
  return sights;
}

/** What is shown has to be the model's state, and what is stored has to be sound. */
export async function inspect(stage: Stage): Promise<void> {
  const { world, database } = stage;
  for (const { call, actual } of await look(stage)) {
    expect(actual, call.operation).toStrictEqual(predict(world, call, actual));
  }
  const { now } = world;
  const facts = await database.readFacts([...world.teams.keys()]);
  const pendingLimit = terms.pendingInvitationLimit;
  expect(facts.flatMap((one) => findBreaches(one, { now, pendingLimit }))).toEqual([]);
}
