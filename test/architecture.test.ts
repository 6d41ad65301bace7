/**
 * The house rules, checked on the real source with the real compiler. The rules themselves are data,
 * in `architecture/rules.ts`; ARCHITECTURE.md shows them as a picture.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findForbiddenCode, findStaleAllowances } from './architecture/check-findings.ts';
import { findForbiddenImports, findStaleRows } from './architecture/check-imports.ts';
import { findOversized } from './architecture/check-sizes.ts';
import { openProject } from './architecture/compiler.ts';
import { findCycles } from './architecture/find-cycles.ts';
import { findUndocumented } from './architecture/find-undocumented.ts';
import { plant } from './architecture/plant.ts';
import { readSources } from './architecture/read-sources.ts';
import { allowances, importRules, sizeLimits, topLevel, vocabulary } from './architecture/rules.ts';

const root = join(import.meta.dirname, '..');
const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

const { project, close } = openProject(join(root, 'tsconfig.json'));
afterAll(close);
const sources = readSources(project, ['src', 'adapters', 'examples']);
const library = sources.filter(({ path }) => !path.startsWith('examples/'));

const entryPoints = Object.entries(readJson('package.json').exports).flatMap(
  ([subpath, target]) => {
    const path = /^\.\/dist\/(.+)\.js$/.exec(Object(target).default)?.[1];
    const name = `org-user-manager${subpath.slice(1)}`;
    return path ? [{ name, file: join(root, `${path}.ts`) }] : [];
  },
);

/** Compares as text, so that the sentences stand in the failure one below the other. */
function expectNone(problems: readonly string[]) {
  expect(problems.join('\n')).toBe('');
}

test('files import only what their room may', () => {
  expect(sources.length).toBeGreaterThan(100);
  expectNone(findForbiddenImports(sources, importRules));
  expectNone(findStaleRows(sources, importRules));
});

test('no imports go in a circle', () => {
  expectNone(findCycles(sources).map((cycle) => `${cycle}: whichever loads first sees a gap`));
});

test('files stay small and hold one concept', () => {
  expectNone(findOversized(sources, sizeLimits));
});

test('the linter still limits functions, and still forbids what hides mistakes', () => {
  const { rules } = readJson('biome.json').linter;
  expect(rules.complexity).toMatchObject({
    noExcessiveCognitiveComplexity: { level: 'error', options: { maxAllowedComplexity: 12 } },
    noExcessiveLinesPerFunction: { level: 'error', options: { maxLines: 60 } },
    useMaxParams: { level: 'error', options: { max: 3 } },
  });
  expect(rules.style).toMatchObject({ noNonNullAssertion: 'error' });
  expect(rules.suspicious).toMatchObject({
    noExplicitAny: 'error',
    noConsole: 'error',
    noEmptyBlockStatements: 'error',
  });
});

test('no casts around the types, no switched-off checks, no ambient time, chance or settings', () => {
  expectNone(findForbiddenCode(library, allowances));
  expectNone(findStaleAllowances(library, allowances));
});

test('every entry point that package.json names has its source', () => {
  expect(entryPoints.length).toBeGreaterThan(5);
  expectNone(
    entryPoints.flatMap(({ name, file }) => (existsSync(file) ? [] : [`${name}: ${file}`])),
  );
});

test('the top level holds what it should and nothing else', () => {
  const notOurs = ['.git', 'node_modules', 'dist', 'coverage'];
  const found = readdirSync(root).filter((name) => !notOurs.includes(name));
  expect(found.toSorted()).toEqual(topLevel.toSorted());
});

test('everything public says what it is', () => {
  expectNone(entryPoints.flatMap((entry) => findUndocumented(project, { ...entry, vocabulary })));
});

test('the checks see planted faults', () => {
  const planted = plant({
    'src/model/member.ts': "export {\n  handler,\n} from '../http/handler.ts';\n",
    'src/http/handler.ts':
      "import '../model/member.ts';\nimport type { X } from '../members/x.ts';\nimport fastify from 'fastify';\nexport const handler = (): X => fastify;\n",
    'src/members/x.ts':
      "export type X = any;\nexport const late = () => import('../limits/y.ts');\nexport type Z = import('left-pad').Z;\n",
    'src/limits/y.ts': 'export const at = (d?: Date) => (d!, Date.now(), new Date());\n',
    'src/ports/clock.ts':
      "import { at } from '../model/member.ts';\nexport { at };\n// @ts-ignore\n",
    'src/cellar/wine.ts':
      'export const wine = (console as unknown) as string;\nsetTimeout(wine);\nvoid (wine instanceof Promise || wine in console);\n',
    'adapters/mailer/smtp/index.ts':
      "import { createTransport } from 'nodemailer';\nimport '../../../src/http/handler.ts';\nimport(String(createTransport));\n",
  });
  const faulty = readSources(planted.project, ['src', 'adapters']);
  expect(findForbiddenImports(faulty, importRules).toSorted()).toEqual([
    expect.stringMatching(/^adapters.mailer.smtp.index.ts imports nodemailer statically/),
    expect.stringMatching(/^adapters.mailer.smtp.index.ts imports src.http.handler.ts\. /),
    expect.stringMatching(/^adapters.mailer.smtp.index.ts imports the package \(computed\)/),
    expect.stringMatching(/^src.http.handler.ts imports fastify, which belongs only into/),
    expect.stringMatching(/^src.http.handler.ts imports src.members.x.ts\. /),
    expect.stringMatching(/^src.http.handler.ts imports src.model.member.ts with its code/),
    expect.stringMatching(/^src.members.x.ts imports the package left-pad/),
    expect.stringMatching(/^src.model.member.ts imports src.http.handler.ts\. /),
    expect.stringMatching(/^src.ports.clock.ts imports src.model.member.ts with its code/),
  ]);
  expect(findCycles(faulty)).toEqual([
    'src/http/handler.ts → src/model/member.ts → src/http/handler.ts',
  ]);
  const found = faulty.flatMap(({ path, findings }) =>
    findings.map(({ what, line }) => `${path}:${line} ${what}`),
  );
  expect(found.toSorted()).toEqual([
    'src/cellar/wine.ts:1 as … as',
    'src/cellar/wine.ts:2 setTimeout',
    'src/cellar/wine.ts:3 in',
    'src/cellar/wine.ts:3 instanceof Promise',
    'src/limits/y.ts:1 Date.now',
    'src/limits/y.ts:1 new Date()',
    'src/limits/y.ts:1 non-null !',
    'src/members/x.ts:1 any',
    'src/ports/clock.ts:3 @ts-ignore',
  ]);
  const { maxExports } = sizeLimits;
  const tight = { ...sizeLimits, maxLines: 3, maxExports: 1, manyExports: { 'src/gone.ts': '' } };
  expect(maxExports).toBe(5);
  expect(findOversized(faulty, tight)).toEqual([
    expect.stringMatching(/^src.http.handler.ts has 4 lines/),
    expect.stringMatching(/^src.members.x.ts exports 3 things/),
    expect.stringMatching(/^src.gone.ts exports few things now/),
  ]);
});

test('the docstring check sees what is missing', () => {
  const planted = plant({
    'src/index.ts': `
      export type { Options } from './options.ts';
      export const named = 1;
      /** Said. */
      export function said(): void {}
      /** Runs. */
      export class Machine {
        #secret = 1;
        /** Goes. */
        go() { return this.#secret; }
        stop() {}
      }`,
    'src/options.ts': `
      interface Base { readonly inherited: string }
      /** Options. */
      export interface Options extends Base {
        readonly orgId: string;
        readonly bare: string;
        /** Said. */
        readonly said: string;
      }`,
  });
  const entry = { name: 'it', file: join(planted.root, 'src/index.ts'), vocabulary };
  expect(findUndocumented(planted.project, entry)).toEqual([
    'it: Options.bare has no docstring',
    'it: Options.inherited has no docstring',
    'it: named has no docstring',
    'it: Machine.stop has no docstring',
    'it: none of its exports shows an @example',
  ]);
});
