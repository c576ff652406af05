import type { TableDefinition } from "../catalog/table-definition.ts";
import type { ColumnDefinition, TableConfig } from "../starrocks/observe/tables.ts";
import { tableProperties } from "./table-properties.ts";

/** What is kept of a table's definition. */
export function definitionOf(config: TableConfig, columns: readonly ColumnDefinition[]): TableDefinition {
  const { model, primaryKey, partitionKey, distributionKey, distributionType, sortKey } = config;
  return {
    ...{ model, primaryKey, partitionKey, distributionKey, distributionType, sortKey },
    properties: Object.fromEntries(tableProperties(config)),
    columns: columns.map(({ column, type, nullable, key, defaultValue, generation }) => ({
      name: column,
      type,
      nullable: nullable === "YES",
      key: key !== "",
      ...(defaultValue !== undefined && { default: defaultValue }),
      ...(generation !== undefined && { generated: generation }),
    })),
  };
}
