import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedEngines } from '../fixtures/places.ts';
import { describeEach } from '../fixtures/servers.ts';
import { openStadium, type Stadium } from './open-stadium.ts';
import { races } from './race-table.ts';
import { type RaceResult, runRace } from './run-race.ts';

const rows: string[] = [];

describeEach(sharedEngines())('on $name', (engine) => {
  let stadium: Stadium;

  beforeAll(async () => {
    stadium = await openStadium(engine);
  });

  afterAll(async () => {
    expect(await stadium.leave()).toEqual([]);
  });

  test.each(races)('$name', { timeout: 60_000 }, async (race) => {
    const result = await runRace(stadium, race, `race-${races.indexOf(race)}`);
    rows.push(toRow(race.name, engine.name, result));
    expect(result.violations).toEqual([]);
    // Whoever never wins was not in a race.
    const fewest = Math.min(...Object.values(result.won));
    if (!race.lopsided) expect(fewest).toBeGreaterThan(0);
    expect(result.overlapped).toBeGreaterThanOrEqual(race.repetitions ?? 60);
  });
});

afterAll(() => {
  const head = ['race', 'engine', 'runs', 'at once', 'violations', 'won by'];
  console.log(`\n${[line(head), ...rows].join('\n')}\n`);
});

function toRow(race: string, engine: string, result: RaceResult): string {
  const { runs, overlapped, violations, won } = result;
  const winners = Object.entries(won).map(([label, count]) => `${label}: ${count}`);
  return line([race, engine, runs, overlapped, violations.length, winners.join(', ')]);
}

function line(cells: readonly (string | number)[]): string {
  const widths = [40, 11, 5, 8, 11, 0];
  return cells.map((cell, index) => String(cell).padEnd(widths[index] ?? 0)).join(' ');
}
