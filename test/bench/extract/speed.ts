import { extractEmails } from '../../../src/emails/index.ts';
import { type Contender, interleave, quantile, type Rounds, ratios } from './measure.ts';
import { limits, ours, peers } from './subjects.ts';
import { addressList, prose, realisticPaste } from './texts.ts';

const rounds = 31;
const band = 0.25;
// For the realistic paste.
const mostMs = 15;

interface Goal {
  readonly id: string;
  readonly peer: string;
  /** The most that our time may be of the peer's. */
  readonly most: number;
}

/** Goal P20: a list beside the peers, in ratios taken round by round. */
export function benchList(): void {
  const list = addressList();
  report('list', list.length, {
    contenders: [...finders(list), { name: 'split + Set', run: () => new Set(list.split('\n')) }],
    goals: [
      { id: 'P20 >= 1.3 x', peer: 'get-emails', most: 1 / 1.3 },
      { id: 'P20 >= 0.5 x', peer: 'split + Set', most: 2 },
    ],
  });
}

/** Goal P21: prose. */
export function benchProse(): void {
  const text = prose();
  report('prose', text.length, {
    contenders: [...finders(text), { name: 'charCodeAt loop', run: () => sumOfCodes(text) }],
    goals: [
      { id: 'P21 >= 10 x', peer: 'email-regex-safe', most: 0.1 },
      { id: 'P21 >= 10 x', peer: 'get-emails', most: 0.1 },
      { id: 'P21 >= 10 x', peer: 'linkify-it', most: 0.1 },
      { id: 'P21 >= 4 x', peer: 'charCodeAt loop', most: 0.25 },
    ],
  });
}

/** A paste of 200 kB as people make them. */
export function benchPaste(): void {
  const paste = realisticPaste();
  const times = report('realistic paste', paste.length, {
    contenders: [...finders(paste), { name: 'linkifyjs', run: () => peers.linkifyjs(paste) }],
    goals: [],
  });
  const median = quantile(times.get(ours.name) ?? [], 0.5);
  console.log(`  200 kB in <= ${mostMs} ms: ${median <= mostMs ? 'met' : 'NOT MET'}`);
}

/** Ours, the fastest peers, and one of them again as a control. */
function finders(text: string): readonly Contender[] {
  return [
    { name: ours.name, run: () => extractEmails(text, limits) },
    { name: 'get-emails', run: () => peers['get-emails'](text) },
    { name: 'get-emails again', run: () => peers['get-emails'](text) },
    { name: 'email-regex-safe', run: () => peers['email-regex-safe'](text) },
    { name: 'linkify-it', run: () => peers['linkify-it'](text) },
  ];
}

function sumOfCodes(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum += text.charCodeAt(index);
  return sum;
}

interface Race {
  readonly contenders: readonly Contender[];
  readonly goals: readonly Goal[];
}

function report(name: string, length: number, { contenders, goals }: Race): Rounds {
  const times = interleave(contenders, rounds);
  console.log(`\n${name}, ${length} characters, ${rounds} rounds, CPU time: median (p25-p75)`);
  for (const { name: contender } of contenders) {
    const values = times.get(contender) ?? [];
    const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
    const speed = length / 1_000 / (median ?? Number.NaN);
    console.log(
      `  ${contender.padEnd(20)} ${speed.toFixed(0).padStart(6)} MB/s  ${median?.toFixed(2)} ms (${low?.toFixed(2)}-${high?.toFixed(2)})`,
    );
  }
  const control = quantile(ratios(times, 'get-emails again', 'get-emails'), 0.5);
  const isVoid = Math.abs(control - 1) > band;
  console.log(`  A/A control ${control.toFixed(2)}${isVoid ? ': the run is void' : ''}`);
  for (const goal of goals) console.log(`  ${verdict(times, goal)}`);
  return times;
}

// Met only when three rounds of four meet it.
function verdict(times: Rounds, { id, peer, most }: Goal): string {
  const values = ratios(times, ours.name, peer);
  const [median, high] = [quantile(values, 0.5), quantile(values, 0.75)];
  const times1 = (value: number) => `${(1 / value).toFixed(2)} x`;
  const met = high <= most ? 'met' : median <= most ? 'met by the median only' : 'NOT MET';
  return `${id} ${peer}: ${times1(median)} (p75 ${times1(high)}): ${met}`;
}
