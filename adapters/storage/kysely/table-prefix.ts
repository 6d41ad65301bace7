import {
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
}
