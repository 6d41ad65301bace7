import {
  type ForeignKeyConstraintNode,
  type IdentifierNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type QueryId,
  type SchemableIdentifierNode,
} from 'kysely';
import { ownPrefix } from './options.ts';

/** Gives our tables, indexes and constraints another prefix. */
export function tablePrefixPlugin(prefix: string): KyselyPlugin {
  const transformer = new PrefixTransformer(prefix);
  return {
    transformQuery: ({ node, queryId }: PluginTransformQueryArgs) =>
      transformer.transformNode(node, queryId),
    transformResult: async ({ result }) => result,
  };
}

class PrefixTransformer extends OperationNodeTransformer {
  readonly #prefix: string;

  constructor(prefix: string) {
    super();
    this.#prefix = prefix;
  }

  protected override transformSchemableIdentifier(
    node: SchemableIdentifierNode,
    queryId?: QueryId,
  ): SchemableIdentifierNode {
    // The schema is the application's, whatever its name begins with.
    const { schema } = node;
    return { ...super.transformSchemableIdentifier(node, queryId), ...(schema && { schema }) };
  }

  protected override transformIdentifier(node: IdentifierNode): IdentifierNode {
    if (!node.name.startsWith(ownPrefix)) return node;
    return { ...node, name: this.#prefix + node.name.slice(ownPrefix.length) };
  }

  protected override transformForeignKeyConstraint(
    node: ForeignKeyConstraintNode,
    queryId?: QueryId,
  ): ForeignKeyConstraintNode {
    const key = super.transformForeignKeyConstraint(node, queryId);
    const { name } = key;
    if (!name) return key;
    return { ...key, name: { ...name, name: name.name + letterCase(this.#prefix) } };
  }
}

/**
 * A suffix that distinguishes prefixes which differ in letter case alone; empty for lower case. In a schema
 * MariaDB has no two foreign keys whose names differ so, even where it has two tables.
 */
function letterCase(prefix: string): string {
  const bits = prefix.replace(/[^A-Z]/g, '0').replace(/[A-Z]/g, '1');
  const number = Number.parseInt(bits, 2);
  return number === 0 ? '' : `_${number.toString(36)}`;
}
