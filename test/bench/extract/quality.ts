import { extractEmails } from '../../../src/emails/index.ts';
import { pasteCases } from '../../extract/cases/index.ts';
import type { PasteCase } from '../../extract/paste-case.ts';
import { comparable, ours, peerSubjects, type Subject } from './subjects.ts';

interface Score {
  cases: number;
  exact: number;
  found: number;
  right: number;
  expected: number;
  cuts: number;
  throws: number;
}

const noScore = (): Score => ({
  cases: 0,
  exact: 0,
  found: 0,
  right: 0,
  expected: 0,
  cuts: 0,
  throws: 0,
});

/** Exact results, precision, recall, cuts and exceptions of everybody, over the case file. */
export function benchQuality(): void {
  const subjects = [ours, ...peerSubjects];
  const all = Object.entries(pasteCases);
  const flat = all.flatMap(([, cases]) => cases);
  const clear = flat.filter(([, , { ruling } = {}]) => !ruling);
  console.log(
    `${flat.length} pastes in ${all.length} kinds, ${clear.length} of them unambiguous\n`,
  );
  console.log('unambiguous: exact %, precision %, recall %; all: exact %, cuts, exceptions');
  for (const subject of subjects) {
    const [one, total] = [scoreOf(subject, clear), scoreOf(subject, flat)];
    const figures = [one.exact / one.cases, one.right / one.found, one.right / one.expected];
    const shown = [...figures, total.exact / total.cases].map((share) => percent(share)).join('  ');
    console.log(`  ${subject.name.padEnd(24)} ${shown}  ${total.cuts}  ${total.throws}`);
  }
  console.log(`\nexpected rejections that are reported with their reason: ${reasons(flat)}`);
  console.log(`\nexact % by kind: ${subjects.map(({ name }) => name).join(' / ')}`);
  for (const [kind, cases] of all) {
    const shown = subjects.map((subject) => {
      const { exact, cases: count } = scoreOf(subject, cases);
      return percent(exact / count, 0);
    });
    console.log(`  ${kind.padEnd(16)} ${String(cases.length).padStart(3)}  ${shown.join(' ')}`);
  }
}

function scoreOf(subject: Subject, cases: readonly PasteCase[]): Score {
  const score = noScore();
  for (const [text, people] of cases) {
    const expected = new Set(people.split(' ').filter(Boolean).map(comparable));
    const spelled = attempt(subject, text);
    const found = new Set((spelled ?? []).map(comparable));
    const right = [...found].filter((address) => expected.has(address)).length;
    score.cases++;
    score.throws += spelled ? 0 : 1;
    score.found += found.size;
    score.right += right;
    score.expected += expected.size;
    score.exact += right === found.size && right === expected.size ? 1 : 0;
    score.cuts += (spelled ?? []).filter(
      (address) => !expected.has(comparable(address)) && isPiece(text, address),
    ).length;
  }
  return score;
}

function attempt(subject: Subject, text: string): readonly string[] | undefined {
  try {
    return subject.find(text);
  } catch {
    return undefined;
  }
}

// Whether an address stands in the text only as a part of something longer that looks like one.
function isPiece(text: string, address: string): boolean {
  const places = [
    ...text.matchAll(new RegExp(address.replace(/[^\p{L}\p{M}\p{N}]/gu, escapedCode), 'giu')),
  ];
  return (
    places.length > 0 &&
    places.every(
      ({ index }) =>
        /[\p{L}\p{M}\p{N}.@%+'’"\\-]$/u.test(text.slice(0, index)) ||
        /^(?:[\p{L}\p{M}\p{N}@]|[.-][\p{L}\p{N}])/u.test(text.slice(index + address.length)),
    )
  );
}

function escapedCode(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

function reasons(cases: readonly PasteCase[]): string {
  let [expected, reported] = [0, 0];
  for (const [text, , { rejected = '' } = {}] of cases) {
    const wanted = rejected.split(' ').filter(Boolean);
    const given: string[] = extractEmails(text).entries.flatMap((entry) =>
      entry.verdict === 'rejected' ? [entry.reason] : [],
    );
    expected += wanted.length;
    for (const reason of wanted) {
      const place = given.indexOf(reason);
      if (place >= 0) reported += given.splice(place, 1).length;
    }
  }
  return `${reported} of ${expected}`;
}

function percent(share: number, digits = 1): string {
  return (share * 100).toFixed(digits).padStart(5);
}
