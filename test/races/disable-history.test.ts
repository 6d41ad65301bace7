import { expect, onTestFinished, test } from 'vitest';
import { sharedEngines } from '../fixtures/places.ts';
import { describeEach } from '../fixtures/servers.ts';
import { judgeHistory, recordHistory } from './disable-history.ts';
import { openStadium } from './open-stadium.ts';

const engines = sharedEngines();
// The thousand rounds of the guarantee take half a minute; OUM_THOROUGH=1 runs them all.
const rounds = process.env.OUM_THOROUGH ? 1000 : 240;
const roundsPerEngine = Math.ceil(rounds / engines.length);

describeEach(engines)('on $name', (engine) => {
  test('no check that begins after disable() has resolved is allowed', {
    timeout: 120_000,
  }, async () => {
    const stadium = await openStadium(engine);
    onTestFinished(async () => expect(await stadium.leave()).toEqual([]));
    const result = judgeHistory(await recordHistory(stadium, roundsPerEngine));
    console.log(`\n${engine.name}: ${JSON.stringify(result)}\n`);
    expect(result.endings).toEqual(['done', 'member_disabled']);
    expect(result.violations).toBe(0);
    expect(result.close).toBeGreaterThan(0);
  });

  test('the same history shows a status that is cached for 50 ms', async () => {
    const stadium = await openStadium(engine, 50);
    onTestFinished(async () => expect(await stadium.leave()).toEqual([]));
    const result = judgeHistory(await recordHistory(stadium, 12));
    expect(result.violations).toBeGreaterThan(0);
  });
});
