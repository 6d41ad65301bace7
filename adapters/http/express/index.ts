/**
 * Mounts for Express 4 and 5. Typed by what they need, so that either version fits.
 *
 * @module
 */
export { usageOf } from '../../../src/http/index.ts';
export { expressFetch, expressHandler } from './handler.ts';
export type { ExpressMiddleware, ExpressRequest } from './middleware.ts';
export { expressUsageGuard } from './usage-guard.ts';
