import {
  type BinaryExpression,
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

const kinds: ReadonlyMap<SyntaxKind, string> = new Map([
  [SyntaxKind.AnyKeyword, 'any'],
  [SyntaxKind.NonNullExpression, 'non-null !'],
]);

const timers = new Set(['setTimeout', 'setInterval', 'setImmediate']);

/** What in this node, without its children, a rule may forbid. */
export function findingIn(node: Node): string | undefined {
  const named = kinds.get(node.kind);
  if (named) return named;
  if (isAsExpression(node) && isAsExpression(unwrap(node.expression))) return 'as … as';
  if (isBinaryExpression(node)) return operatorFinding(node);
  if (isPropertyAccessExpression(node)) return accessFinding(node.expression, node.name.text);
  if (isNewExpression(node) || isCallExpression(node)) {
    return isNamed(node.expression, 'Date') && !node.arguments?.length ? 'new Date()' : undefined;
  }
  return isIdentifier(node) && timers.has(node.text) ? node.text : undefined;
}

function operatorFinding({ left, operatorToken, right }: BinaryExpression): string | undefined {
  const isInstanceOf = operatorToken.kind === SyntaxKind.InstanceOfKeyword;
  if (isInstanceOf) return isNamed(right, 'Promise') ? 'instanceof Promise' : undefined;
  const isIn = operatorToken.kind === SyntaxKind.InKeyword;
  return isIn && !isPrivateIdentifier(left) ? 'in' : undefined;
}

function unwrap(node: Node): Node {
  return isParenthesizedExpression(node) ? unwrap(node.expression) : node;
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
