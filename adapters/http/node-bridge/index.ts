/**
 * Between Node's requests and responses and those of fetch. The only place that knows both; the
 * framework mounts stand on it.
 *
 * @module
 */
export type { HeaderTarget } from './add-headers.ts';
export { addHeaders } from './add-headers.ts';
export { onceAnswered } from './once-answered.ts';
export { discard, readAhead } from './read-ahead.ts';
export { toRequest } from './to-request.ts';
export type { WriteResponse } from './write-response.ts';
export { writeAnswer, writeStream } from './write-response.ts';
