import type { Bound } from "../sql/partition-by.ts";
import type { PartitionValues, Table } from "./model.ts";
import { shadowPartition } from "./model.ts";

const minimum: Record<string, string> = {
  DATE: "0000-01-01",
  DATETIME: "0000-01-01 00:00:00",
  TINYINT: "-128",
  SMALLINT: "-32768",
  INT: "-2147483648",
  BIGINT: "-9223372036854775808",
  LARGEINT: "-170141183460469231731687303715884105728",
};

export function partitionColumns(table: Table): readonly string[] {
  return table.partitioning.kind === "none" ? [] : table.partitioning.columns;
}

export const partitionKeyText = (table: Table): string =>
  partitionColumns(table)
    .map((name) => `\`${name}\``)
    .join(", ");

export function partitionColumnTypes(table: Table): string[] {
  return partitionColumns(table).map(
    (name) =>
      table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.type.name ?? "",
  );
}

function boundText(bound: Bound, types: readonly string[]): string {
  const keys = types.map((type, index) => {
    if (bound === "MIN") return minimum[type] ?? "";
    if (bound === "MAX") return "MAXVALUE";
    return bound[index] ?? minimum[type] ?? "";
  });
  return `types: [${types.join(", ")}]; keys: [${keys.join(", ")}]; `;
}

/** JSON as Gson writes it; NULL and the text NULL look alike (§21.2). */
function listText(items: readonly (readonly (string | null)[])[]): string {
  if (items.length === 0) return "";
  const json = JSON.stringify(items.map((item) => item.map((value) => value ?? "NULL")));
  return json.replaceAll(
    /[<>&='\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** PARTITION_VALUE and the Range/List column as the FE prints them (PartitionsProcDir, ListPartitionInfo). */
export function partitionValueText(table: Table, values: PartitionValues): string {
  if (values.kind === "none") return "";
  if (values.kind === "list") return listText(values.items);
  const types = partitionColumnTypes(table);
  return `[${boundText(values.lower, types)}..${boundText(values.upper, types)})`;
}

export const isShadow = (partition: { name: string }): boolean => partition.name === shadowPartition;
