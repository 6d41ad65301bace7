/**
 * Loads what checks its input with schemas, at the first call that needs it: importing the package and
 * guarding requests need none of it.
 */
export const features = () => import('./features.ts');
