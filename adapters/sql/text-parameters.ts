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

// Functions of a constant are read once, and an index is used for what they return.
const [before, after] = ['convert(unhex(', ') using utf8mb4)'];

/**
 * Sends the texts among the parameters as hexadecimal digits. The drivers of MySQL write parameters into
 * the SQL and escape texts with backslashes. A server in the mode NO_BACKSLASH_ESCAPES takes those for
 * ordinary characters, so that a quote inside a text would end it. Digits are read alike in every mode and
 * character set.
 */
export function withHexTexts<Row>(query: CompiledQuery<Row>): CompiledQuery<Row> {
  // Our SQL has no question marks of its own: each stands for a parameter.
  const [start = '', ...rest] = query.sql.split('?');
  const isText = query.parameters.map((value) => typeof value === 'string');
  const sql = rest.reduce(
    (text, piece, index) => `${text}${isText[index] ? `${before}?${after}` : '?'}${piece}`,
    start,
  );
  return { ...query, sql, parameters: query.parameters.map(toDigits) };
}

/** Sends texts as hexadecimal digits in queries that Kysely compiles each time. */
export const hexTextsPlugin: KyselyPlugin = {
  transformQuery: ({ node, queryId }: PluginTransformQueryArgs) =>
    new HexTexts().transformNode(node, queryId),
  transformResult: async ({ result }) => result,
};

class HexTexts extends OperationNodeTransformer {
  protected override transformValue(node: ValueNode): ValueNode {
    // An immediate value is part of the text of the SQL already: a constant of ours.
    if (node.immediate || typeof node.value !== 'string') return node;
    const digits = ValueNode.create(toDigits(node.value));
    return inPlaceOfValue(RawNode.create([before, after], [digits]));
  }

  protected override transformPrimitiveValueList({ values }: PrimitiveValueListNode) {
    return inPlaceOfValues(
      ValueListNode.create(values.map((value) => this.transformValue(ValueNode.create(value)))),
    );
  }
}

const toDigits = (value: unknown) =>
  typeof value === 'string' ? Buffer.from(value).toString('hex') : value;

// Kysely's types ask for a node of the kind that is replaced; its compiler takes any expression there.
function inPlaceOfValue(node: RawNode): ValueNode;
function inPlaceOfValue(node: RawNode): OperationNode {
  return node;
}

function inPlaceOfValues(list: ValueListNode): PrimitiveValueListNode;
function inPlaceOfValues(list: ValueListNode): OperationNode {
  return list;
}
