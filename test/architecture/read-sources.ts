import { posix } from 'node:path';
import type { Node, SourceFile } from 'typescript/unstable/ast';
import type { Project } from 'typescript/unstable/sync';
import { findDirectives, findingIn } from './read-findings.ts';
import { readImport } from './read-imports.ts';
import type { Finding, Import, Source } from './source.ts';

/** Reads the files of these top-level folders. */
export function readSources(project: Project, folders: readonly string[]): Source[] {
  const root = posix.dirname(project.configFileName);
  return project.rootFiles.flatMap((file) => {
    const path = posix.relative(root, file);
    const [folder = ''] = path.split('/');
    const source = project.program.getSourceFile(file);
    return source && folders.includes(folder) ? [readSource(project, source, path)] : [];
  });
}

function readSource({ checker }: Project, source: SourceFile, path: string): Source {
  const imports: Import[] = [];
  const findings: Finding[] = findDirectives(source.text);
  const visit = (node: Node): void => {
    const found = readImport(node, path);
    if (found) imports.push(found);
    const what = findingIn(node);
    if (what) findings.push({ what, line: lineOf(source, node) });
    node.forEachChild(visit);
  };
  visit(source);
  const module = checker.getSymbolAtLocation(source);
  const exports = module ? checker.getExportsOfModule(module).length : 0;
  return { path, lines: source.text.trimEnd().split('\n').length, exports, imports, findings };
}

function lineOf(source: SourceFile, node: Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}
