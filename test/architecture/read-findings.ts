import {
  isAsExpression,
  isBinaryExpression,
  isCallExpression,
  isIdentifier,
  isNewExpression,
  isParenthesizedExpression,
  isPrivateIdentifier,
  isPropertyAccessExpression,
  type Node,
  SyntaxKind,
} from 'typescript/unstable/ast';

const kinds = new Map([
  [SyntaxKind.AnyKeyword, 'any'],
  [SyntaxKind.NonNullExpression, 'non-null !'],
]);
const timers = new Set(['setTimeout', 'setInterval', 'setImmediate']);

/** What in this node, without its children, a rule may forbid. */
export function findingIn(node: Node): string | undefined {
  const byKind = kinds.get(node.kind);
  if (byKind) return byKind;
  if (isAsExpression(node) && isAsExpression(unwrap(node.expression))) return 'as … as';
  if (isInstanceOf(node, 'Promise')) return 'instanceof Promise';
  if (isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.InKeyword) {
    return isPrivateIdentifier(node.left) ? undefined : 'in';
  }
  if (isPropertyAccessExpression(node)) return accessFinding(node.expression, node.name.text);
  if (isNewExpression(node) || isCallExpression(node)) {
    return isNamed(node.expression, 'Date') && !node.arguments?.length ? 'new Date()' : undefined;
  }
  return isIdentifier(node) && timers.has(node.text) ? node.text : undefined;
}

function unwrap(node: Node): Node {
  return isParenthesizedExpression(node) ? unwrap(node.expression) : node;
}

function isInstanceOf(node: Node, name: string): boolean {
  return (
    isBinaryExpression(node) &&
    node.operatorToken.kind === SyntaxKind.InstanceOfKeyword &&
    isNamed(node.right, name)
  );
}

function accessFinding(object: Node, name: string): string | undefined {
  if (isNamed(object, 'console')) return 'console';
  const access = isIdentifier(object) ? `${object.text}.${name}` : '';
  return ['Date.now', 'Math.random', 'process.env'].includes(access) ? access : undefined;
}

function isNamed(node: Node, name: string): boolean {
  return isIdentifier(node) && node.text === name;
}

const directive = /@ts-(?:ignore|expect-error|nocheck)|biome-ignore/;

/** Comments that switch a check off, with their line numbers. */
export function findDirectives(text: string): { what: string; line: number }[] {
  return text.split('\n').flatMap((line, index) => {
    const what = directive.exec(line)?.[0];
    return what ? [{ what, line: index + 1 }] : [];
  });
}
