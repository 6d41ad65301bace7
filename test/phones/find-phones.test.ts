import { memoryStorage } from 'org-user-manager/memory';
import { expect, it } from 'vitest';
import { findPhones } from '../../src/phones/find-phones.ts';
import { admin, createTeam, orgId } from '../fixtures/team.ts';

const search = { defaultCountry: 'GB', addresses: [] };
const numbersIn = async (text: string) =>
  (await findPhones(text, search)).phones.map(({ number }) => number);

it('is told by bulkExtract', async () => {
  const { manager } = await createTeam(memoryStorage());
  const text = `ana@example.com ${'1 '.repeat(8_192)} a +49 30 1234567890`;
  const call = { orgId, actor: admin, text };
  const phones = { defaultCountry: 'GB' };
  expect(await manager.bulkExtract({ ...call, phones })).toMatchObject({
    ...{ phones: [], phonesTruncated: true, truncated: false },
  });
  expect(await manager.bulkExtract(call)).toMatchObject({ phonesTruncated: false });
  const long = { ...call, text: `${'x '.repeat(16_384)} +49 30 1234567890`, phones };
  expect(await manager.bulkExtract(long)).toMatchObject({
    ...{ phones: [{ number: '+49301234567890' }], phonesTruncated: false },
  });
});

it.each([
  [`https://acme.example.com/${'a'.repeat(210)}/020-7946-0018`, []],
  ['https://acme.example.com/020-7946-0018?x=+447400123456', []],
  ['www.acme.example.com/020-7946-0018, Acme.example.com/t/020-7946-0018', []],
  ['https://acme.example.com,+44 7400 123456', ['+447400123456']],
  ['tel./020-7946-0018 a.b/+44 7400 123456', ['+442079460018', '+447400123456']],
  ['https://acme.example.com;+44 7400 123456', ['+447400123456']],
  ['<https://acme.example.com>+44 7400 123456', ['+447400123456']],
  ['"https://acme.example.com"+44 7400 123456', ['+447400123456']],
  ['https://acme.example.com/020-7946-0018\n020-7946-0018', ['+442079460018']],
  [
    '+447400123456,07400 123457, 07400 123458;07400123459',
    ['+447400123456', '+447400123457', '+447400123458', '+447400123459'],
  ],
  ['07400 123456，07400 123457；07400 123458', ['+447400123456', '+447400123457', '+447400123458']],
  ['tel:+447400123456;ext=45, +442079460018,,12#', ['+447400123456', '+442079460018']],
])('%j holds %j', async (text, numbers) => {
  expect(await numbersIn(text)).toEqual(numbers);
});

it.each(['DE', 'DK', 'SE', 'PL'])('takes no date for a number in %s', async (defaultCountry) => {
  const dates =
    '03.03.2026 um 9, 22.03.2026 09:14, 22-03-2026, 2026.03.03, 12.10.2026 - 14.10.2026, 03.03.26';
  expect((await findPhones(dates, { ...search, defaultCountry })).phones).toEqual([]);
  const text = '22.03.2026 +44 7400 123456';
  expect((await findPhones(text, { ...search, defaultCountry })).phones).toMatchObject([
    { number: '+447400123456', index: 11 },
  ]);
});

it.each([
  ['01.02.20.26.03', 'FR', '+33102202603'],
  ['+45 22.03.2026', 'GB', '+4522032026'],
])('takes %j for a number', async (text, defaultCountry, number) => {
  const { phones } = await findPhones(text, { ...search, defaultCountry });
  expect(phones).toMatchObject([{ number }]);
});

it('passes every address once, however many numbers there are', async () => {
  const line = '+44 7400 123456 ';
  let looked = 0;
  const addresses = Array.from({ length: 1_000 }, (_, position) => ({
    get index() {
      looked++;
      return position * line.length + 20 * line.length;
    },
    length: 1,
  }));
  const { phones } = await findPhones(line.repeat(500), { defaultCountry: 'GB', addresses });
  expect(phones).toHaveLength(1);
  expect(looked).toBeLessThan(4_000);
});

it('takes no digits out of an address', async () => {
  const text = '+44 7400 123456 a+447400123457@example.com +44 7400 123458';
  const addresses = [{ index: text.indexOf('a+'), length: 'a+447400123457@example.com'.length }];
  const { phones } = await findPhones(text, { defaultCountry: 'GB', addresses });
  expect(phones.map(({ number }) => number)).toEqual(['+447400123456', '+447400123458']);
});
