export type {
  CsvIssue,
  CsvRowFault,
  InviteeRow,
  InviteesCsv,
} from './invitees-csv.ts';
export type { ReadInviteesOptions } from './read-invitees-csv.ts';
export { readInviteesCsv } from './read-invitees-csv.ts';
export type { WriteCsvOptions } from './write-csv.ts';
export { invitationsCsv, membersCsv } from './write-csv.ts';
