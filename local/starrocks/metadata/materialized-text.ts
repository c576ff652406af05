import type { Table } from "./model.ts";

/** What SHOW CREATE MATERIALIZED VIEW prints; running it again makes the same view. */
export function materializedViewSql(view: Table): string {
  const names = (list: readonly string[]) => list.map((name) => `\`${name}\``).join(", ");
  const { kind, columns, buckets } = view.distribution;
  const properties = { ...view.properties, replication_num: String(view.replicationNum) };
  return [
    `CREATE MATERIALIZED VIEW \`${view.name}\` (${names(view.columns.map((column) => column.name))})`,
    ...(view.comment === "" ? [] : [`COMMENT "${view.comment}"`]),
    `DISTRIBUTED BY ${kind === "HASH" ? `HASH(${names(columns)})` : "RANDOM"} BUCKETS ${buckets} `,
    `REFRESH ${view.materialized?.refresh ?? ""}`,
    `PROPERTIES (\n${Object.entries(properties)
      .map(([key, value]) => `"${key}" = "${value}"`)
      .join(",\n")}\n)`,
    `AS ${view.materialized?.sql ?? ""};`,
  ].join("\n");
}
