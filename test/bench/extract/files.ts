import { extractEmails } from '../../../src/emails/index.ts';
import { type Contender, interleave, quantile, ratios } from './measure.ts';
import { byKind, type RealText, readTexts } from './real-texts.ts';
import { comparable, limits, ours, peers, type Subject } from './subjects.ts';

const margin = 60;
const rounds = 7;
const control = 'get-emails again';

const readers: readonly Subject[] = [
  ours,
  ...(['linkify-it', 'get-emails', 'email-regex-safe'] as const).map((name) => ({
    name,
    find: peers[name],
  })),
];

/**
 * Reads the files of a folder with all readers. Prints each address that not all of them return, for a
 * person to judge, then how sure ours is, then the speeds.
 */
export function benchFiles(folder: string | undefined): void {
  if (folder === undefined) throw new Error('Name a folder: --files <folder>.');
  const texts = readTexts(folder);
  if (texts.length === 0) throw new Error(`No file in a subfolder of ${folder}.`);
  const kinds = byKind(texts);
  for (const text of texts) printDifferences(text);
  printVerdicts(kinds, texts);
  printSpeeds(kinds, texts);
}

/** An address, and which readers return it. */
interface Finding {
  readonly spelled: string;
  readonly by: string[];
}

function printDifferences({ name, text }: RealText): void {
  const findings = new Map<string, Finding>();
  for (const reader of readers) {
    const found = new Map(reader.find(text).map((spelled) => [comparable(spelled), spelled]));
    for (const [key, spelled] of found) {
      const finding = findings.get(key) ?? { spelled, by: [] };
      finding.by.push(reader.name);
      findings.set(key, finding);
    }
  }
  const differing = [...findings.values()].filter(({ by }) => by.length < readers.length);
  if (differing.length === 0) return;
  console.log(`\n${name}: ${findings.size} addresses, ${differing.length} not returned by all`);
  for (const { spelled, by } of differing) {
    console.log(`  ${spelled}  [${by.join(', ')}]  ${contextOf(text, spelled)}`);
  }
}

// An address can be spelled otherwise than in the text: decoded, or with its domain in A-labels.
function contextOf(text: string, spelled: string): string {
  const localPart = spelled.slice(0, spelled.lastIndexOf('@') + 1);
  const index = [spelled, localPart].map((part) => text.indexOf(part)).find((at) => at >= 0);
  if (index === undefined) return '(not as spelled)';
  const context = text.slice(Math.max(0, index - margin), index + spelled.length + margin);
  return JSON.stringify(context);
}

function printVerdicts(
  kinds: ReadonlyMap<string, readonly RealText[]>,
  texts: readonly RealText[],
): void {
  console.log(`\n${ours.name}, % of what it found: ok, review, rejected`);
  for (const [kind, some] of kinds) console.log(verdictsOf(kind, some));
  console.log(verdictsOf('all', texts));
}

function verdictsOf(label: string, texts: readonly RealText[]): string {
  const totals = { ok: 0, review: 0, rejected: 0 };
  for (const { text } of texts) {
    const { ok, review, rejected } = extractEmails(text, limits).totals;
    totals.ok += ok;
    totals.review += review;
    totals.rejected += rejected;
  }
  const all = totals.ok + totals.review + totals.rejected;
  const shares = Object.values(totals).map((count) =>
    (all === 0 ? '-' : ((count / all) * 100).toFixed(1)).padStart(6),
  );
  return `${label.padEnd(20)} ${String(all).padStart(7)} ${shares.join('')}`;
}

function printSpeeds(
  kinds: ReadonlyMap<string, readonly RealText[]>,
  texts: readonly RealText[],
): void {
  const names = [...readers.map(({ name }) => name), control];
  console.log(`\nMB/s by CPU time, median of ${rounds} rounds: ${names.join(', ')};`);
  console.log('ours as a multiple of linkify-it, of email-regex-safe; the control');
  for (const [kind, some] of kinds) console.log(speedsOf(kind, some));
  console.log(speedsOf('all', texts));
}

function speedsOf(label: string, texts: readonly RealText[]): string {
  const times = interleave(contendersFor(texts), rounds);
  const length = texts.reduce((sum, { text }) => sum + text.length, 0);
  const speeds = [...times.values()].map((values) =>
    (length / 1_000 / quantile(values, 0.5)).toFixed(1).padStart(8),
  );
  const multiple = (of: string, to: string) => quantile(ratios(times, to, of), 0.5).toFixed(2);
  const multiples = [
    multiple(ours.name, 'linkify-it'),
    multiple(ours.name, 'email-regex-safe'),
    multiple(control, 'get-emails'),
  ];
  const size = (length / 1_000).toFixed(0).padStart(6);
  return `${label.padEnd(20)} ${size} kB ${speeds.join('')}  ${multiples.join('  ')}`;
}

function contendersFor(texts: readonly RealText[]): readonly Contender[] {
  return [...readers, { name: control, find: peers['get-emails'] }].map(({ name, find }) => ({
    name,
    run: () => {
      for (const { text } of texts) find(text);
    },
  }));
}
