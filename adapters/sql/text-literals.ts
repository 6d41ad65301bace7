import {
  type CompiledQuery,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PrimitiveValueListNode,
  RawNode,
  ValueListNode,
  ValueNode,
} from 'kysely';

/**
 * Writes the texts among the parameters into the SQL. The drivers of MySQL escape texts in the process,
 * with backslashes, which a server in the mode NO_BACKSLASH_ESCAPES takes for letters: a text would then
 * end where it says so itself. Hexadecimal digits mean the same in every mode and character set.
 */
export function withTextLiterals<Row>(query: CompiledQuery<Row>): CompiledQuery<Row> {
  // Our SQL has no question marks of its own: each stands for a parameter.
  const [start = '', ...rest] = query.sql.split('?');
  const parameters: unknown[] = [];
  let sql = start;
  for (const [index, piece] of rest.entries()) {
    const value = query.parameters[index];
    if (typeof value === 'string') sql += toLiteral(value);
    else {
      parameters.push(value);
      sql += '?';
    }
    sql += piece;
  }
  return { ...query, sql, parameters };
}

/** The same for queries that are compiled each time. */
export const textLiteralsPlugin: KyselyPlugin = {
  transformQuery: ({ node, queryId }: PluginTransformQueryArgs) =>
    new TextLiterals().transformNode(node, queryId),
  transformResult: async ({ result }) => result,
};

class TextLiterals extends OperationNodeTransformer {
  protected override transformValue(node: ValueNode): ValueNode {
    // An immediate value is part of the text of the SQL already: a constant of ours.
    if (node.immediate || typeof node.value !== 'string') return node;
    return inPlaceOfValue(toLiteral(node.value));
  }

  protected override transformPrimitiveValueList({ values }: PrimitiveValueListNode) {
    return inPlaceOfValues(
      ValueListNode.create(values.map((value) => this.transformValue(ValueNode.create(value)))),
    );
  }
}

const toLiteral = (text: string) => `_utf8mb4 x'${Buffer.from(text).toString('hex')}'`;

// Kysely's types want a node of the same kind back; its compiler takes any expression in these places.
function inPlaceOfValue(literal: string): ValueNode;
function inPlaceOfValue(literal: string): OperationNode {
  return RawNode.createWithSql(literal);
}

function inPlaceOfValues(list: ValueListNode): PrimitiveValueListNode;
function inPlaceOfValues(list: ValueListNode): OperationNode {
  return list;
}
