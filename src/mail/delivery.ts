import type { SharedContext } from '../context.ts';
import type { Invitation } from '../model/invitation.ts';
import { isBacked, isUsable } from '../model/invitation-state.ts';
import type { Member } from '../model/member.ts';
import type { OutboxMail } from '../model/outbox-mail.ts';
import type { MailMessage } from '../ports/mailer.ts';
import type { DeliveryOutcome } from '../ports/outbox.ts';
import { newId } from '../system/new-id.ts';
import { ownContext } from '../system/own-context.ts';
import { type Chore, createChores } from './chores.ts';
import { renderInvitation } from './render-invitation.ts';

const leaseMs = 2 * 60 * 1000;
const sendDeadlineMs = 60 * 1000;
// After these waits a mail counts as failed; an admin may resend it.
const retryDelaysMs = [30_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000];
// How long a storage that could not answer is left alone.
const storageRetryMs = 30_000;
// How long a mail that is due and cannot be claimed, since a transaction has locked it, is left alone.
const lockedRetryMs = 1000;

/** Sends what waits in the outbox. */
export interface Delivery {
  /** Starts sending in the background; calls while it runs make it look again. */
  wake(): void;
  /** Sends everything that is due and can be claimed, and does the chores. */
  drain(): Promise<void>;
  /** Stops planning, and waits for what is being sent or done. */
  stop(): Promise<void>;
}

/**
 * Creates the delivery of one manager. Mails are sent after the commit that queued them, one drain at
 * a time, and retried with growing waits. Another process, or this one after a crash, takes over
 * what was claimed and not settled once the lease has run out.
 *
 * The chores are done at every look: so they need no timer of their own. No mail waits for them, since one
 * may wait for a locked organization. All of it runs in the asynchronous context in which the manager was
 * made, since it serves every organization.
 */
export function createDelivery(context: SharedContext, tasks: readonly Chore[]): Delivery {
  const inOwnContext = ownContext();
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  const isStopped = () => stopped;
  const chores = createChores(tasks, context.settings.onError, isStopped);
  let cancelRetry: () => void = () => undefined;

  async function run(): Promise<void> {
    try {
      let lookedAt: number;
      let dueAt: number | undefined;
      do {
        again = false;
        lookedAt = await sendDue(context, isStopped);
        chores.begin();
        dueAt = await context.outbox.nextDueAt();
      } while (!stopped && (again || hasComeDue(dueAt, lookedAt)));
      plan(delayUntil(dueAt));
    } catch (error) {
      plan(storageRetryMs);
      throw error;
    } finally {
      // At once: whoever queues a mail from here on must not be told that somebody will look.
      running = undefined;
    }
  }

  // What was due before and is still there was locked.
  const hasComeDue = (dueAt = Number.POSITIVE_INFINITY, since: number) =>
    dueAt > since && dueAt <= context.clock.now();

  function delayUntil(dueAt = Number.POSITIVE_INFINITY): number {
    const delayMs = dueAt - context.clock.now();
    // Never later than a lease: a mail that another process dies with comes due unannounced.
    return delayMs > 0 ? Math.min(leaseMs, delayMs) : lockedRetryMs;
  }

  function plan(delayMs: number): void {
    if (stopped) return;
    cancelRetry();
    cancelRetry = context.clock.schedule(wake, delayMs);
  }

  function look(): Promise<void> {
    again = true;
    running ??= inOwnContext(run);
    return running;
  }

  async function drain(): Promise<void> {
    await look();
    await chores.ended();
  }

  function wake(): void {
    if (!stopped) look().catch(context.settings.onError);
  }

  async function stop(): Promise<void> {
    stopped = true;
    cancelRetry();
    await running?.catch(context.settings.onError);
    await chores.ended();
  }

  return { wake, drain, stop };
}

/**
 * Claims one mail at a time: a lease over several would run out behind a slow mailer. Resolves with the
 * time at which it found no more.
 */
async function sendDue(context: SharedContext, isStopped: () => boolean): Promise<number> {
  const claimId = newId(context);
  for (;;) {
    const now = context.clock.now();
    if (isStopped()) return now;
    const lease = { claimId, now, leaseUntil: now + leaseMs, limit: 1 };
    const [mail] = await context.outbox.claim(lease);
    if (!mail) return now;
    const outcome = await attempt(context, mail);
    await context.outbox.settle(mail, claimId, outcome);
    announce(context, mail, outcome);
  }
}

async function attempt(context: SharedContext, mail: OutboxMail): Promise<DeliveryOutcome> {
  const message = await compose(context, mail);
  if (!message) return ended(context, 'cancelled', null);
  try {
    await withinDeadline(context, message);
    return ended(context, 'sent', null);
  } catch (error) {
    context.settings.onError(error);
    const delay = retryDelaysMs[mail.attempts - 1];
    const lastError = messageOf(error)
      // A mail filter may quote the link that it refuses.
      .replace(/\boum_[\w-]+/g, 'oum_…')
      .slice(0, 200)
      .toWellFormed();
    if (delay === undefined) return ended(context, 'failed', lastError);
    return { state: 'queued', lastError, nextAttemptAt: context.clock.now() + delay };
  }
}

function ended(
  { clock }: SharedContext,
  state: 'sent' | 'failed' | 'cancelled',
  lastError: string | null,
): DeliveryOutcome {
  return { state, lastError, nextAttemptAt: clock.now() };
}

/** The message of anything that a mailer threw. */
function messageOf(error: unknown): string {
  try {
    const { message } = error instanceof Error ? error : { message: undefined };
    if (typeof message === 'string') return message;
  } catch {
    // A getter of it throws; the error itself has gone to `onError`.
  }
  return 'unknown error';
}

/** A mailer that never answers must not hold up the others, nor outlast its lease. */
async function withinDeadline(context: SharedContext, message: MailMessage): Promise<void> {
  let cancel: () => void = () => undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    const giveUp = () => reject(new Error('the mailer did not answer in time'));
    cancel = context.clock.schedule(giveUp, sendDeadlineMs);
  });
  await Promise.race([tooLate, send(context, message)]).finally(cancel);
}

async function send({ mailer }: SharedContext, message: MailMessage): Promise<void> {
  const sending = mailer.send(message);
  if (typeof Object(sending).then !== 'function') {
    throw new TypeError('the mailer returned no promise');
  }
  await sending;
}

/** Nothing when the invitation has ended, or a newer mail has replaced this one. */
async function compose(context: SharedContext, mail: OutboxMail): Promise<MailMessage | undefined> {
  const { orgId, invitationId } = mail;
  const { organization, invitations } = await context.storage.load({
    orgId,
    invitationIds: [invitationId],
  });
  const invitation = invitations[0]?.invitation;
  if (!invitation || !organization || !isWanted(invitation, mail, context.clock.now())) {
    return undefined;
  }
  const inviters = await loadInviters(context, invitation);
  if (!isBacked(invitation, inviters)) return undefined;
  const rendered = renderInvitation({
    organizationName: organization.name,
    inviterName: inviters[0]?.name ?? null,
    role: invitation.role,
    link: context.links.linkTo(invitation),
    expiresAt: invitation.expiresAt,
    timeZone: organization.timeZone,
  });
  const { hostname } = new URL(context.settings.baseUrl);
  const messageId = `<${invitationId}.${mail.number}@${hostname}>`;
  return { ...rendered, to: invitation.address, messageId };
}

function isWanted(invitation: Invitation, mail: OutboxMail, now: number): boolean {
  return invitation.sendCount === mail.number && isUsable(invitation, now);
}

/** The member who answers for an invitation; none when the system actor does. */
async function loadInviters(
  { storage }: SharedContext,
  { orgId, invitedBy }: Invitation,
): Promise<readonly Member[]> {
  if (invitedBy === null) return [];
  return (await storage.load({ orgId, userIds: [invitedBy] })).members;
}

function announce(context: SharedContext, mail: OutboxMail, { state }: DeliveryOutcome): void {
  const { orgId, invitationId } = mail;
  const at = context.clock.now();
  if (state === 'sent') context.events.emit('mail.sent', { orgId, invitationId, at });
  if (state === 'queued' || state === 'failed') {
    context.events.emit('mail.failed', { orgId, invitationId, at, final: state === 'failed' });
  }
}
