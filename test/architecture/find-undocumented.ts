import {
  type Checker,
  type Project,
  SymbolFlags,
  type Symbol as TsSymbol,
} from 'typescript/unstable/sync';

export interface EntryPoint {
  /** As users import it, such as `org-user-manager/http`. */
  readonly name: string;
  /** Absolute path of its source. */
  readonly file: string;
  /** Names of members that need no docstring. */
  readonly vocabulary: Readonly<Record<string, string>>;
}

/** What an entry point exports without a docstring: the exports, their members, and an example. */
export function findUndocumented(
  project: Project,
  { name, file, vocabulary }: EntryPoint,
): string[] {
  const { checker, program } = project;
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!source || !module) return [`${name}: the compiler finds no module in ${file}`];
  const exported = checker.getExportsOfModule(module).map((symbol) => target(checker, symbol));
  const names = exported.flatMap((symbol) => [
    ...(isDocumented(checker, symbol) ? [] : [symbol.name]),
    ...undocumentedMembers(project, symbol)
      .filter((member) => !(member in vocabulary))
      .map((member) => `${symbol.name}.${member}`),
  ]);
  const hasExample =
    source.text.includes('@example') ||
    exported.some((symbol) => symbol.getJsDocTags(checker).some((tag) => tag.name === 'example'));
  return [
    ...names.map((undocumented) => `${name}: ${undocumented} has no docstring`),
    ...(hasExample ? [] : [`${name}: none of its exports shows an @example`]),
  ];
}

function target(checker: Checker, symbol: TsSymbol): TsSymbol {
  return symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function isDocumented(checker: Checker, symbol: TsSymbol): boolean {
  return symbol.getDocumentationComment(checker).trim() !== '';
}

function undocumentedMembers({ checker, rootFiles }: Project, symbol: TsSymbol): string[] {
  // Functions and constants have no members of their own to explain.
  if (!(symbol.flags & (SymbolFlags.Interface | SymbolFlags.Class | SymbolFlags.TypeAlias)))
    return [];
  const ours = new Set(rootFiles.map((path) => path.toLowerCase()));
  return checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
    .filter((member) => !member.name.startsWith('__#'))
    .filter(({ declarations: [first] }) => first && ours.has(first.path.toLowerCase()))
    .filter((member) => !isDocumented(checker, member))
    .map((member) => member.name);
}
