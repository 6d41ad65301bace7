import * as loaded from './features.ts';

/**
 * Stands in for `load-features.ts` where a bundler resolves `#features`. A bundle may await a call at its
 * top level, before it gets to code that it has put in place of a dynamic import.
 */
export const features = async () => loaded;
