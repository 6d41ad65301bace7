/**
 * The support surface: what only the operator of the host product may do.
 *
 * @module
 */
export type { OrgUserSupportOptions, RestoreInput } from './org-user-support.ts';
export { OrgUserSupport } from './org-user-support.ts';
