import type { TableConfig } from "../starrocks/observe/tables.ts";

/** A table's properties by name, as tables_config has them. */
export function tableProperties({
  properties,
}: Pick<TableConfig, "properties">): ReadonlyMap<string, string> {
  const parsed: unknown = properties === "" ? {} : JSON.parse(properties);
  return new Map(Object.entries(parsed ?? {}).map(([key, value]) => [key, String(value)]));
}
