import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { actorSchema, idSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import { extractEmails } from '../emails/extract-emails.ts';
import type { ExtractedEntry, Extraction } from '../emails/extraction.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { InvitationView } from '../model/invitation-view.ts';
import type { ExtractedStanding } from '../model/invite-result.ts';
import { type FoundPhone, findPhones } from '../phones/find-phones.ts';
import { type InvitePlan, planInvites } from './plan-invites.ts';
import { planScope } from './plan-scope.ts';
import { toInvitationView } from './to-view.ts';

/** What `bulkExtract` takes. */
export interface BulkExtractInput {
  readonly orgId: string;
  /** An active admin of the organization, or the system actor. */
  readonly actor: Actor;
  /** Any text; at most `bulkTextLimit` characters. */
  readonly text: string;
  /**
   * Also collects phone numbers; `defaultCountry` (ISO 3166-1 alpha-2) is assumed where a number has
   * no prefix. Needs the package `libphonenumber-js`. Default: none are collected.
   */
  readonly phones?: { readonly defaultCountry: string } | undefined;
}

/** An entry found in the text, with what the organization knows of it. */
export type BulkExtractEntry = ExtractedEntry & {
  /** What inviting it now would meet; `null` for rejected and duplicate entries. */
  readonly standing: ExtractedStanding | null;
  /** The invitation it has, pending or expired; `resendableAt` says when it can be sent again. */
  readonly invitation: InvitationView | null;
};

/** The dry run of a bulk invitation. */
export interface BulkExtractReport {
  /** Every entry in text order; nothing is dropped silently. */
  readonly entries: readonly BulkExtractEntry[];
  /** How many entries have each verdict. */
  readonly totals: Extraction['totals'];
  /** Addresses with the verdict `ok` that `inviteMany` would invite or renew. */
  readonly ready: readonly string[];
  /** Addresses with the verdict `review` that it would invite or renew; a person should check them first. */
  readonly review: readonly string[];
  /**
   * Pins both lists for `inviteMany`, which invites `ready` and refuses an address in neither list. An
   * address of `review` is invited only when `addresses` lists it. Valid for 24 hours and the same actor.
   */
  readonly planId: string;
  /** Phone numbers in text order; empty unless asked for. */
  readonly phones: readonly FoundPhone[];
  /**
   * Whether the search for phone numbers stopped early: after 1,000 numbers, or when as many
   * candidates failed as one for every 16 characters and 100 more, at most 2,000.
   */
  readonly phonesTruncated: boolean;
  /** Whether the text held more than extraction reads. */
  readonly truncated: boolean;
}

const schema = inputObject({
  orgId: idSchema,
  actor: actorSchema,
  text: z.string('must be a string'),
  phones: z.optional(
    inputObject({ defaultCountry: z.string('must be a country code') }, 'must be an object'),
  ),
});

const planLifeMs = 24 * 60 * 60 * 1000;

/** Finds the addresses in a text and says what inviting them would meet. Writes nothing. */
export async function bulkExtract(
  context: Context,
  input: BulkExtractInput,
): Promise<BulkExtractReport> {
  const { orgId, actor, text, phones } = parseInput(schema, input);
  const { bulkTextLimit, bulkAddressLimit, tlds } = context.settings;
  if (text.length > bulkTextLimit) {
    const message = `must have at most ${bulkTextLimit} characters`;
    throw new OrgUserManagerError('invalid_input', { issues: [{ path: 'text', message }] });
  }
  const userIds = usersToLoad(actor);
  requireAdmin(await context.storage.load({ orgId, userIds }), actor);
  const { entries, totals, truncated } = extractEmails(text, {
    maxLength: bulkTextLimit,
    maxAddresses: bulkAddressLimit,
    tlds,
  });
  const planFor = await loadPlans(context, orgId, entries.flatMap(toInvitable));
  const planned = entries.map((entry) => withStanding(context, entry, planFor));
  const invitable = planned.filter(({ standing }) =>
    /^(ready|expired_invitation)$/.test(standing ?? ''),
  );
  const addressesOf = (verdict: 'ok' | 'review') =>
    invitable.flatMap((entry) => (entry.verdict === verdict ? entry.key : []));
  const [ready, review] = [addressesOf('ok'), addressesOf('review')];
  const plan = { ready, review, expiresAt: context.clock.now() + planLifeMs };
  const found = phones && (await findPhones(text, { ...phones, addresses: entries }));
  return {
    entries: planned,
    totals,
    ready,
    review,
    planId: context.plans.encode(planScope(orgId, actor), plan),
    phones: found?.phones ?? [],
    phonesTruncated: found?.truncated ?? false,
    truncated,
  };
}

/** What inviting these addresses would come to. */
async function loadPlans(
  { storage, settings, clock }: Context,
  orgId: string,
  addresses: readonly string[],
): Promise<(address: string) => InvitePlan> {
  const now = clock.now();
  const { pendingInvitationLimit: pendingLimit } = settings;
  const standing = await storage.load({ orgId, addresses, pendingAddresses: addresses });
  const bound = (standing.organization?.pendingUpperBound ?? 0) + addresses.length;
  if (pendingLimit === null || bound <= pendingLimit) {
    return planInvites(standing, { now, pendingLimit: null, pending: 0 });
  }
  const query = {
    orgId,
    status: 'pending',
    sort: 'created',
    order: 'desc',
    limit: 1,
    countUpTo: pendingLimit,
    now,
  } as const;
  const { total } = await storage.listInvitations(query);
  return planInvites(standing, { now, pendingLimit, pending: total.count });
}

function toInvitable(entry: ExtractedEntry): readonly string[] {
  return entry.verdict === 'ok' || entry.verdict === 'review' ? [entry.key] : [];
}

const standings = {
  create: 'ready',
  renew: 'expired_invitation',
  keep: 'already_invited',
} as const;

function withStanding(
  context: Context,
  entry: ExtractedEntry,
  planFor: (address: string) => InvitePlan,
): BulkExtractEntry {
  const [address] = toInvitable(entry);
  if (address === undefined) return { ...entry, standing: null, invitation: null };
  const plan = planFor(address);
  if (plan.step === 'refuse') return { ...entry, standing: plan.outcome, invitation: null };
  const row = plan.step === 'create' ? undefined : plan.row;
  const invitation = row ? toInvitationView(context, row.invitation, row.mail) : null;
  return { ...entry, standing: standings[plan.step], invitation };
}
