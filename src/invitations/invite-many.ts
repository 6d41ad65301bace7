import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import {
  actorSchema,
  idempotencyKeySchema,
  idSchema,
  textListSchema,
} from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { perAddressSchema, termsFields } from '../access/terms-schemas.ts';
import type { Context } from '../context.ts';
import { createEntryJudge, type EntryJudge } from '../emails/judge/judge-entry.ts';
import { type InputIssue, OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { BulkInviteResult, InviteResult } from '../model/invite-result.ts';
import type { InviteTerms } from '../model/invite-terms.ts';
import type { Settings } from '../options.ts';
import type { InvitePlan } from '../signing/invite-plans.ts';
import { commit } from '../transactions/commit.ts';
import { answerOnce } from './answer-once.ts';
import { inviteAddresses } from './invite-addresses.ts';
import { planScope } from './plan-scope.ts';

/** What `inviteMany` takes: `addresses`, or `planId`, or both. */
export interface InviteManyInput extends Pick<InviteTerms, 'role' | 'limit'> {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  /**
   * At most `bulkAddressLimit` addresses. With a plan, each must be in its `ready` or `review` list.
   */
  readonly addresses?: readonly string[] | undefined;
  /** The plan of a `bulkExtract` by the same actor. Without `addresses`, its `ready` list is invited. */
  readonly planId?: string | undefined;
  /** Terms for some of the addresses; they win over `role` and `limit`, which are for all. */
  readonly perAddress?: Readonly<Record<string, InviteTerms>> | undefined;
  /**
   * 1 to 128 visible ASCII characters: whoever makes the same call with the same key within 24 hours gets the first
   * answer again, and nobody is invited twice.
   */
  readonly idempotencyKey?: string | undefined;
}

const schema = inputObject({
  orgId: idSchema,
  actor: actorSchema,
  addresses: z.optional(textListSchema),
  planId: z.optional(z.string('must be a string')),
  role: termsFields.role,
  limit: termsFields.limit,
  perAddress: perAddressSchema,
  idempotencyKey: z.optional(idempotencyKeySchema),
});

type Parsed = z.output<typeof schema>;

/** Invites many addresses in one transaction, with one result for each entry, in order. */
export async function inviteMany(
  context: Context,
  input: InviteManyInput,
): Promise<readonly BulkInviteResult[]> {
  const parsed = parseInput(schema, input);
  const { orgId, actor, role, limit, perAddress, idempotencyKey } = parsed;
  const judge = createEntryJudge(context.settings);
  const { entries, expiresAt } = readEntries(context, parsed, judge);
  const judged = entries.map(judge);
  const addresses = [...new Set(judged.flatMap((verdict) => (verdict.ok ? verdict.key : [])))];
  const invite = {
    orgId,
    actor,
    addresses,
    terms: { role, limit, name: undefined, phone: undefined },
    ownTerms: termsOf(addresses, perAddress),
  };
  const results = await commit(context, orgId, (tx, record) => {
    const make = async () => {
      // Looked at here: the answer of a call that was made in time is given again.
      if (expiresAt <= context.clock.now()) throw new OrgUserManagerError('invalid_plan', {});
      return inviteAddresses(context, { tx, record }, invite);
    };
    if (idempotencyKey === undefined) return make();
    const request = [entries, invite.terms, [...invite.ownTerms]];
    return answerOnce(context, tx, { orgId, actor, idempotencyKey, addresses, request, make });
  });
  context.wakeDelivery();
  const open = new Map(results.map((result) => [result.address, result]));
  return judged.map((verdict, index): BulkInviteResult => {
    if (verdict.ok) return takeResult(open, verdict.key);
    return { outcome: 'invalid_address', input: entries[index] ?? '', reason: verdict.reason };
  });
}

/** The first entry of an address has its result, the others are duplicates. */
function takeResult(open: Map<string, InviteResult>, address: string): BulkInviteResult {
  const result = open.get(address);
  open.delete(address);
  return result ?? { outcome: 'duplicate', address };
}

/** What is asked for, and until when that may be. */
interface Entries {
  readonly entries: readonly string[];
  readonly expiresAt: number;
}

/** The addresses as given, or those of the plan. Throws `invalid_input`, `invalid_plan`. */
function readEntries(
  { settings, plans }: Context,
  { orgId, actor, addresses, planId }: Parsed,
  judge: EntryJudge,
): Entries {
  if (planId === undefined) {
    if (addresses === undefined) throw invalid('addresses', 'must be given, or planId');
    refuseTooMany(addresses, settings);
    return { entries: addresses, expiresAt: Number.POSITIVE_INFINITY };
  }
  const plan = plans.decode(planScope(orgId, actor), planId);
  const entries = addresses ?? plan.ready;
  refuseTooMany(entries, settings);
  refuseUnshown(entries, plan, judge);
  return { entries, expiresAt: plan.expiresAt };
}

/** The terms of those that have some of their own, in the order of the addresses. */
function termsOf(
  addresses: readonly string[],
  perAddress: ReadonlyMap<string, InviteTerms> = new Map(),
): ReadonlyMap<string, InviteTerms> {
  const known = new Set(addresses);
  const issues = [...perAddress.keys()].flatMap((address, index): readonly InputIssue[] =>
    known.has(address)
      ? []
      : [{ path: `perAddress.${index}`, message: 'is not among the addresses' }],
  );
  refuse(issues);
  return new Map(
    addresses.flatMap((address) => {
      const terms = perAddress.get(address);
      return terms ? [[address, terms] as const] : [];
    }),
  );
}

function refuseTooMany(
  addresses: readonly string[],
  { bulkAddressLimit, bulkTextLimit }: Pick<Settings, 'bulkAddressLimit' | 'bulkTextLimit'>,
): void {
  if (addresses.length > bulkAddressLimit) {
    throw invalid('addresses', `must hold at most ${bulkAddressLimit} addresses`);
  }
  if (addresses.reduce((sum, { length }) => sum + length, 0) > bulkTextLimit) {
    throw invalid('addresses', `must hold at most ${bulkTextLimit} characters`);
  }
}

/** Refuses what a plan did not show. */
function refuseUnshown(
  addresses: readonly string[],
  { ready, review }: InvitePlan,
  judge: EntryJudge,
): void {
  const shown = new Set([...ready, ...review]);
  const wasShown = (address: string) => {
    const verdict = judge(address);
    return verdict.ok && shown.has(verdict.key);
  };
  const issues = addresses.flatMap((address, index): readonly InputIssue[] =>
    wasShown(address) ? [] : [{ path: `addresses.${index}`, message: 'is not in the plan' }],
  );
  refuse(issues);
}

function refuse(issues: readonly InputIssue[]): void {
  if (issues.length === 0) return;
  throw new OrgUserManagerError('invalid_input', { issues: issues.slice(0, 20) });
}

const invalid = (path: string, message: string) =>
  new OrgUserManagerError('invalid_input', { issues: [{ path, message }] });
