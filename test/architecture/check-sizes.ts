import type { Source } from './source.ts';

export interface SizeLimits {
  readonly medianLines: number;
  readonly p90Lines: number;
  readonly maxLines: number;
  readonly maxExports: number;
  /** Files with more exports, and why. */
  readonly manyExports: Readonly<Record<string, string>>;
}

/** Files that are too long or do too much, each as a sentence. */
export function findOversized(sources: readonly Source[], limits: SizeLimits): string[] {
  const { medianLines, p90Lines, maxLines, maxExports, manyExports } = limits;
  const lines = sources.map((source) => source.lines).toSorted((a, b) => a - b);
  const share = (part: number) => lines[Math.floor((lines.length - 1) * part)] ?? 0;
  const isExempt = (path: string) => path.endsWith('/index.ts') || path in manyExports;
  const stale = Object.keys(manyExports).filter(
    (path) => !sources.some((source) => source.path === path && source.exports > maxExports),
  );
  return [
    ...(share(0.5) > medianLines ? [`Half the files exceed ${medianLines} lines: split.`] : []),
    ...(share(0.9) > p90Lines ? [`A tenth of the files exceed ${p90Lines} lines: split.`] : []),
    ...sources
      .filter((source) => source.lines > maxLines)
      .map(
        ({ path, lines }) =>
          `${path} has ${lines} lines, at most ${maxLines}: split it by concept.`,
      ),
    ...sources
      .filter(({ path, exports }) => exports > maxExports && !isExempt(path))
      .map(
        ({ path, exports }) =>
          `${path} exports ${exports} things, at most ${maxExports}: it holds more than one concept.`,
      ),
    ...stale.map((path) => `${path} exports few things now: remove its exception.`),
  ];
}
