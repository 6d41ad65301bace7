import type { Context } from '../context.ts';
import type { ChargeStanding, Exceeded, WindowTerms } from '../model/charge-outcome.ts';
import { defaults, type Settings } from '../options.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import { andThen, fromOutside, orElse } from '../system/maybe-promise.ts';
import type { Charge } from './charge.ts';

/** The answer to a charge that a limit refuses, and its event. */
export function refuse(
  { context, orgId, userId, activity }: Charge,
  standing: ChargeStanding,
): MaybePromise<Exceeded> {
  const violating = violatedBy(standing);
  const violated = violating.map(({ policy }) => policy);
  context.events.emit('usage.refused', { orgId, userId, at: standing.at, activity, violated });
  const refused = { standing, violated, retryAt: retryTimeOf(violating, standing.cost) };
  return andThen(contactOf(context, orgId), conclude, refused);
}

interface Refused extends Pick<Exceeded, 'violated' | 'retryAt'> {
  readonly standing: ChargeStanding;
}

function conclude(contact: string, { standing, violated, retryAt }: Refused): Exceeded {
  const { cost, at, timeZone, terms, used } = standing;
  const reason = 'limit_exceeded';
  return { allowed: false, reason, violated, retryAt, cost, at, timeZone, terms, used, contact };
}

function violatedBy({ terms, used, cost }: ChargeStanding): readonly WindowTerms[] {
  const left = ({ limit }: WindowTerms, index: number) =>
    (limit ?? Number.MAX_SAFE_INTEGER) - (used[index] ?? 0);
  const full = terms.filter((window, index) => left(window, index) < cost);
  if (full.length > 0) return full;
  // Units came back after the refusal and before its counters were read.
  const least = Math.min(...terms.map(left));
  return terms.filter((window, index) => left(window, index) === least).slice(0, 1);
}

/** When every refusing window has reset; waiting cannot help a cost above a limit. */
function retryTimeOf(violating: readonly WindowTerms[], cost: number): number | null {
  if (violating.some(({ limit }) => limit !== null && cost > limit)) return null;
  return Math.max(...violating.map(({ calendar }) => calendar.endsAt));
}

/** Whom to ask. A host that cannot say must not turn a refusal into an error. */
function contactOf({ settings, within }: Context, orgId: string): MaybePromise<string> {
  const { contact, onError } = settings;
  if (typeof contact === 'string') return contact;
  return orElse(askInTime, useDefaultContact, { contact, onError, within, orgId });
}

interface ContactQuestion extends Pick<Context, 'within'>, Pick<Settings, 'onError'> {
  readonly contact: (orgId: string) => unknown;
  readonly orgId: string;
}

const askInTime = (question: ContactQuestion) => question.within(ask, question);

const ask = ({ contact, orgId }: ContactQuestion) =>
  andThen(fromOutside(contact(orgId)), checkContact, undefined);

function checkContact(contact: unknown): string {
  if (typeof contact !== 'string') throw new TypeError('contact() must answer with a text');
  return contact;
}

function useDefaultContact(error: unknown, { onError }: ContactQuestion): string {
  onError(error);
  return defaults.contact;
}
