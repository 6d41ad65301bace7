/**
 * A native plugin and hook for Fastify 5.
 *
 * @module
 */
export { usageOf } from '../../../src/http/index.ts';
export type { FastifyPluginOptions } from './plugin.ts';
export { fastifyPlugin } from './plugin.ts';
export type { FastifyUsageGuard } from './usage-guard.ts';
export { fastifyUsageGuard } from './usage-guard.ts';
