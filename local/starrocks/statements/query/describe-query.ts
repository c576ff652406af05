import type { Cluster } from "../../engine/cluster.ts";
import type { Column } from "../../metadata/model.ts";
import type { TypeName } from "../../sql/query-ast.ts";

const names: Record<string, string> = {
  INTEGER: "INT",
  TIMESTAMP: "DATETIME",
  HUGEINT: "LARGEINT",
  BLOB: "VARBINARY",
};

function typeOf(text: string): TypeName {
  if (text.endsWith("[]")) return { name: "ARRAY", parameters: [], element: typeOf(text.slice(0, -2)) };
  const match = /^(\w+)(?:\((\d+)(?:,\s*(\d+))?\))?$/.exec(text);
  const name = match?.[1] ?? text;
  const parameters = [match?.[2], match?.[3]].flatMap((digits) =>
    digits === undefined ? [] : [Number(digits)],
  );
  return { name: names[name] ?? name, parameters };
}

/** Columns a translated query yields, under the names given for them or their own. */
export async function describeQuery(
  cluster: Cluster,
  sql: string,
  given: readonly string[] | undefined,
): Promise<Column[]> {
  const described = await cluster.duck.rows(`DESCRIBE ${sql}`);
  return described.map(([column, type], index) => ({
    name: given?.[index] ?? String(column),
    type: typeOf(String(type)),
    key: false,
    nullable: true,
    comment: "",
  }));
}
