import * as invitations from './invitation-rules.ts';
import * as members from './member-rules.ts';
import { type Minted, mintedIn } from './minted.ts';
import type { Call, Inputs, Operation } from './operations.ts';
import { type Outcome, refusal } from './outcome.ts';
import * as usage from './usage-rules.ts';
import type { World } from './world.ts';

type Rules = {
  readonly [O in Operation]: (world: World, input: Inputs[O], minted: Minted) => unknown;
};

/** The product's rules, each a function that changes the world and says what the answer is. */
const rules: Rules = {
  ...invitations,
  ...members,
  ...usage,
  advance(world, { milliseconds }) {
    world.now += milliseconds;
  },
};

/** What a call has come to so far: its outcome, or how it goes on. */
export type Progress = Outcome | ((world: World) => Progress);

/**
 * Begins a call in the world. `actual` is how the library ended it: ids and links are taken from
 * there, everything else is predicted.
 */
export function begin<O extends Operation>(world: World, call: Call<O>, actual: Outcome): Progress {
  const { operation, input } = call;
  const minted = mintedIn('answer' in actual ? actual.answer : undefined, world);
  return proceed(() => rules[operation](world, input, minted));
}

function proceed(step: () => unknown): Progress {
  try {
    const answer = step();
    return typeof answer === 'function' ? (world) => proceed(() => answer(world)) : { answer };
  } catch (error) {
    return refusal(error);
  }
}

/** Performs a whole call in the world. */
export function predict(world: World, call: Call, actual: Outcome): Outcome {
  let progress = begin(world, call, actual);
  while (typeof progress === 'function') progress = progress(world);
  return progress;
}
