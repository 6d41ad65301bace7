import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** A file of a folder that `--files` reads. */
export interface RealText {
  /** The first folder below the one that was named. */
  readonly kind: string;
  /** The path below the folder that was named. */
  readonly name: string;
  readonly text: string;
}

/** Every file in the subfolders of a folder, by name; broken UTF-8 is read as U+FFFD. */
export function readTexts(folder: string): readonly RealText[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => name.includes(sep))
    .toSorted()
    .map((name) => ({
      kind: name.slice(0, name.indexOf(sep)),
      name,
      text: readFileSync(join(folder, name), 'utf8'),
    }));
}

/** The texts of each kind. */
export function byKind(texts: readonly RealText[]): ReadonlyMap<string, readonly RealText[]> {
  return Map.groupBy(texts, ({ kind }) => kind);
}
