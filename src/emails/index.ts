export { type ExtractOptions, extractEmails } from './extract-emails.ts';
export type {
  AcceptedEntry,
  DuplicateEntry,
  ExtractedEntry,
  Extraction,
  RejectedEntry,
} from './extraction.ts';
export type { JudgeOptions } from './judge/judge-address.ts';
export { judgeAddress, maskAddress } from './judge/judge-address.ts';
export type { AddressReason, BadAddress, GoodAddress, ReviewReason } from './judge/reasons.ts';
export type { Tlds } from './judge/tlds.ts';
export { ianaTlds } from './judge/tlds.ts';
