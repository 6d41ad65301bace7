/**
 * The manager over HTTP, for any framework: a fetch-style handler for the JSON routes and the join
 * page, and a guard that charges usage and answers 429.
 *
 * @module
 */
export type { UsageAnswerOptions } from './answer-options.ts';
export type { DenialAnswer, UsageDenial, UsageGuardOptions } from './guard-options.ts';
export type { FetchHandler, HandlerOptions, MountedHandler } from './handler.ts';
export { createHandler, createMountedHandler } from './handler.ts';
export type { Identify, Identity } from './identity.ts';
export type { AllowedVerdict, RequestUsage, UsageVerdict } from './request-usage.ts';
export type { MountedGuard, UsageGuard } from './usage-guard.ts';
export { createMountedGuard, createUsageGuard } from './usage-guard.ts';
export { usageOf } from './usage-of.ts';
