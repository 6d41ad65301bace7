/**
 * The manager over HTTP, for any framework: a fetch-style handler for the JSON routes and the join
 * page, and a guard that charges usage and answers 429.
 *
 * @module
 */
export type { FetchHandler, HandlerOptions, MountedHandler } from './handler.ts';
export { createHandler, createMountedHandler } from './handler.ts';
export type { Identify, Identity } from './identity.ts';
export type { UsageGuard, UsageGuardOptions, UsageVerdict } from './usage-guard.ts';
export { createUsageGuard } from './usage-guard.ts';
