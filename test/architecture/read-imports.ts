import { posix } from 'node:path';
import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isStringLiteral,
  type Node,
  SyntaxKind,
} from 'typescript/unstable/ast';
import type { Import } from './source.ts';

/** The import that this node is, if it is one: `import`, `export … from`, `import()`, a type's. */
export function readImport(node: Node, path: string): Import | undefined {
  const found = specifierOf(node);
  if (!found) return undefined;
  const { specifier, kind } = found;
  // What is computed cannot be checked, so it is left to the rule about packages to refuse it.
  const text = specifier && isStringLiteral(specifier) ? specifier.text : '(computed)';
  const isPackage = !text.startsWith('.');
  const target = isPackage ? text : posix.join(posix.dirname(path), text);
  return { target, isPackage, kind };
}

function specifierOf(
  node: Node,
): { specifier: Node | undefined; kind: Import['kind'] } | undefined {
  if (isImportDeclaration(node)) {
    const isType = node.importClause?.phaseModifier === SyntaxKind.TypeKeyword;
    return { specifier: node.moduleSpecifier, kind: isType ? 'type' : 'value' };
  }
  if (isExportDeclaration(node) && node.moduleSpecifier) {
    return { specifier: node.moduleSpecifier, kind: node.isTypeOnly ? 'type' : 'value' };
  }
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
    return { specifier: node.arguments[0], kind: 'dynamic' };
  }
  if (isImportTypeNode(node)) {
    const { argument } = node;
    return { specifier: isLiteralTypeNode(argument) ? argument.literal : argument, kind: 'type' };
  }
  return undefined;
}
