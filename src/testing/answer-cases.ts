import assert from 'node:assert/strict';
import type { KeptAnswer } from '../model/kept-answer.ts';
import type { Storage } from '../ports/storage.ts';
import { found } from './prepare.ts';
import { now } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';

const sample: KeptAnswer = {
  orgId: 'acme',
  key: 'k'.repeat(43),
  request: 'r'.repeat(43),
  answer: '[["invited","1"]]',
  expiresAt: now + 1000,
};

const keep = (storage: Storage, answer: KeptAnswer, at = now) =>
  storage.transaction(answer.orgId, (tx) => tx.keepAnswer(answer, at));

const find = (storage: Storage, { orgId, key }: KeptAnswer, at = now) =>
  storage.transaction(orgId, (tx) => tx.findAnswer({ orgId, key }, at));

/** The answers of calls that carried an idempotency key. */
export const answerCases: StorageCases = {
  'answers: one is found as it was kept until it expires, by its organization and key': async (
    storage,
  ) => {
    await found(storage);
    await found(storage, { orgId: 'globex' });
    assert.equal(await find(storage, sample), undefined);
    await keep(storage, sample);
    assert.deepEqual(await find(storage, sample), sample);
    assert.deepEqual(await find(storage, sample, now + 999), sample);
    assert.equal(await find(storage, sample, now + 1000), undefined);
    assert.equal(await find(storage, { ...sample, orgId: 'globex' }), undefined);
    assert.equal(await find(storage, { ...sample, key: 'K'.repeat(43) }), undefined);
  },
  'answers: a key is free again once its answer has expired': async (storage) => {
    await found(storage);
    await keep(storage, sample);
    const second = { ...sample, answer: '[]', expiresAt: now + 5000 };
    await keep(storage, second, now + 1000);
    assert.deepEqual(await find(storage, second, now + 1000), second);
  },
  'answers: one of 300 kB is kept whole': async (storage) => {
    await found(storage);
    const long = { ...sample, answer: `["${'é"\\\\'.repeat(60_000)}"]` };
    await keep(storage, long);
    assert.deepEqual(await find(storage, long), long);
  },
  'answers: one of a transaction that fails is not kept': async (storage) => {
    await found(storage);
    const failing = storage.transaction('acme', async (tx) => {
      await tx.keepAnswer(sample, now);
      throw new Error('on purpose');
    });
    await assert.rejects(failing, /on purpose/);
    assert.equal(await find(storage, sample), undefined);
  },
};
