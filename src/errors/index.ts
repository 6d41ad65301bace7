export type { ErrorCode } from './catalog.ts';
export { errorCatalog } from './catalog.ts';
export type { ErrorDetails, InputIssue, MismatchedTable } from './details.ts';
export {
  isOrgUserManagerError,
  OrgUserManagerError,
  toOrgUserManagerError,
} from './org-user-manager-error.ts';
