import { domainToASCII } from 'node:url';
import { judgeAddress } from 'org-user-manager/extract';
import { expect, it } from 'vitest';
import { badAddresses, goodAddresses } from './single-addresses.ts';

it.each(goodAddresses)('accepts %j', (address) => {
  const judged = judgeAddress(address);
  expect(judged).toMatchObject({ ok: true });
  if (!judged.ok) return;
  const domain = address.normalize('NFKC').replace(/^.*@/s, '');
  expect(judged.domain).toBe(domainToASCII(domain.normalize('NFC')) || domain);
  expect(judgeAddress(judged.address)).toEqual(judged);
});

it.each(badAddresses)('refuses %j: %s', (text, reason) => {
  expect(judgeAddress(text)).toEqual({ ok: false, reason });
});
