import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { extractEmails } from 'org-user-manager/extract';
import { expect, it } from 'vitest';
import { pasteCases } from './cases/index.ts';

const source = join(import.meta.dirname, '../../src');
const importing = /^import \{([^}]*)\} from '([^']+)';$/gm;
const passingOn = /^export \{([^}]*)\} from '([^']+)';$/gm;
const exporting = /^export (?:const|function|class) (\w+)/gm;

// The one package that the build inlines.
const inlined = /^import validator from 'email-validator';$/gm;
const validatorFile = createRequire(import.meta.url).resolve('email-validator');
const validator = `const validator = (() => { const exports = {}; ${readFileSync(validatorFile, 'utf8')}; return exports; })();`;

/** A module and what it imports as one script: every module is a function in `modules`. */
function asScript(file: string, seen: Set<string>): string {
  if (seen.has(file)) return '';
  seen.add(file);
  const code = stripTypeScriptTypes(readFileSync(file, 'utf8')).replace(inlined, () => validator);
  const target = (path: string) => join(dirname(file), path);
  const imports = [...code.matchAll(importing), ...code.matchAll(passingOn)];
  const imported = imports.map(([, , path = '']) => {
    expect(path, `${file} imports what a browser has not`).toMatch(/^\.\.?\//);
    return asScript(target(path), seen);
  });
  const own = [...code.matchAll(exporting)].map(([, name]) => name);
  const names = [...own, ...[...code.matchAll(passingOn)].map(([, list]) => list)].join(', ');
  const taken = (_: string, list: string, path: string) =>
    `const {${list}} = modules[${JSON.stringify(target(path))}];`;
  const body = code
    .replace(importing, taken)
    .replace(passingOn, taken)
    .replace(exporting, (found) => found.replace('export ', ''));
  const module = `modules[${JSON.stringify(file)}] = (() => {${body}\nreturn { ${names} };})();`;
  return [...imported, module].join('\n');
}

it('answers the same where there is nothing of Node', () => {
  const entry = join(source, 'emails/extract-emails.ts');
  const sandbox = createContext({ URL, TextEncoder, modules: {} });
  runInContext(asScript(entry, new Set()), sandbox);
  const texts = Object.values(pasteCases)
    .flat()
    .map(([text]) => text);
  const answer: string = runInContext(
    `JSON.stringify(${JSON.stringify(texts)}.map((text) => modules[${JSON.stringify(entry)}].extractEmails(text)))`,
    sandbox,
  );
  expect(JSON.parse(answer)).toEqual(
    JSON.parse(JSON.stringify(texts.map((text) => extractEmails(text)))),
  );
});
