export type { AddressReason, ReviewReason } from './address-reason.ts';
export { extractEmails } from './extract-emails.ts';
export type { ExtractOptions } from './extract-options.ts';
export type {
  AcceptedEntry,
  DuplicateEntry,
  ExtractedEntry,
  Extraction,
  RejectedEntry,
} from './extraction.ts';
export type { BadAddress, GoodAddress } from './judged-address.ts';
export type { JudgeOptions } from './normalize-address.ts';
export { judgeAddress, maskAddress } from './normalize-address.ts';
export type { Tlds } from './tlds.ts';
export { ianaTlds } from './tlds.ts';
