import * as z from 'zod/mini';
import { actorSchema, idSchema } from '../access/input-schemas.ts';
import { parseInput } from '../access/parse-input.ts';
import { requireAdmin, usersToLoad } from '../access/require-admin.ts';
import type { Context } from '../context.ts';
import type { ExtractedEntry } from '../emails/extraction.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Actor } from '../model/actor.ts';
import type { ExtractedStanding } from '../model/invite-result.ts';
import { type FoundPhone, findPhones } from '../phones/find-phones.ts';
import { type InvitePlan, planInvites } from './plan-invites.ts';

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
};

/** The dry run of a bulk invitation. */
export interface BulkExtractReport {
  /** Every entry in text order; nothing is dropped silently. */
  readonly entries: readonly BulkExtractEntry[];
  /** Addresses that `inviteMany` would invite or renew. */
  readonly ready: readonly string[];
  /** Phone numbers in text order; empty unless asked for. */
  readonly phones: readonly FoundPhone[];
  /** Whether the text held more than extraction reads. */
  readonly truncated: boolean;
}

const schema = z.strictObject({
  orgId: idSchema,
  actor: actorSchema,
  text: z.string('must be a string'),
  phones: z.optional(
    z.strictObject({ defaultCountry: z.string('must be a country code') }, 'must be an object'),
  ),
});

const standings = {
  create: 'ready',
  renew: 'expired_invitation',
  keep: 'already_invited',
} as const;

function toStanding(plan: InvitePlan): ExtractedStanding {
  return plan.step === 'refuse' ? plan.outcome : standings[plan.step];
}

/** Finds the addresses in a text and says what inviting them would meet. Writes nothing. */
export async function bulkExtract(
  context: Context,
  input: BulkExtractInput,
): Promise<BulkExtractReport> {
  const { orgId, actor, text, phones } = parseInput(schema, input);
  const most = context.settings.bulkTextLimit;
  if (text.length > most) {
    const message = `must have at most ${most} characters`;
    throw new OrgUserManagerError('invalid_input', { issues: [{ path: 'text', message }] });
  }
  const userIds = usersToLoad(actor);
  requireAdmin(await context.storage.load({ orgId, userIds }), actor);
  // Loaded when somebody pastes: its tables would double what importing the package takes.
  const { extractEmails } = await import('../emails/extract-emails.ts');
  const extraction = extractEmails(text);
  const keys = extraction.entries.map(invitableKey);
  const addresses = [...new Set(keys.filter((key) => key !== null))];
  const standing = await context.storage.load({ orgId, addresses, pendingAddresses: addresses });
  const planFor = planInvites(standing, context.clock.now());
  const entries = extraction.entries.map((entry, index): BulkExtractEntry => {
    const key = keys[index] ?? null;
    return { ...entry, standing: key === null ? null : toStanding(planFor(key)) };
  });
  const ready = addresses.filter((address) => /create|renew/.test(planFor(address).step));
  return {
    entries,
    ready,
    phones: phones ? await findPhones(text, { ...phones, addresses: extraction.entries }) : [],
    truncated: extraction.truncated,
  };
}

function invitableKey(entry: ExtractedEntry): string | null {
  return entry.verdict === 'ok' || entry.verdict === 'review' ? entry.key : null;
}
