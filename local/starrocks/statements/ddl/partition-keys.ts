import { analysisError, unsupported } from "../../basics/errors.ts";
import { atLeast, type StarRocksVersion } from "../../basics/versions.ts";
import { generatedKeyPrefix } from "../../metadata/model.ts";
import type { ColumnDefinition, CreateTable, KeysType } from "../../sql/create-table.ts";
import type { PartitionExpression, PartitionKey } from "../../sql/partition-by.ts";

/**
 * Expressions beside columns in `PARTITION BY date_trunc('day', d), c` (since 3.4): each becomes a generated column, by
 * which the automatic list goes; nothing but a star leaves it out.
 */
export function withGeneratedKeys(statement: CreateTable, version: StarRocksVersion): CreateTable {
  const by = statement.partitionBy;
  if (by?.kind !== "automatic-list" || by.keys.every(({ kind }) => kind === "column")) return statement;
  if (!atLeast(version, "3.5")) throw unsupported("An automatic list of expressions before 3.4");
  const columns = [...statement.columns];
  const keys = by.keys.map((key): PartitionKey => {
    if (key.kind === "column") return key;
    const name = `${generatedKeyPrefix}${columns.length - statement.columns.length}`;
    columns.push(generatedColumn(statement, key, name));
    return { kind: "column", name };
  });
  return { ...statement, columns, partitionBy: { kind: "automatic-list", keys } };
}

function generatedColumn(
  { columns }: CreateTable,
  { fn, column, text }: PartitionExpression,
  name: string,
): ColumnDefinition {
  if (fn !== "date_trunc") throw unsupported(`An automatic list by ${fn}`);
  const source = columns.find((one) => one.name.toLowerCase() === column.toLowerCase());
  if (!source) throw analysisError(`Column '${column}' cannot be resolved`);
  return {
    name,
    type: source.type,
    key: false,
    nullable: true,
    autoIncrement: false,
    generated: text,
    comment: "",
  };
}

export function checkGeneratedKeys(names: readonly string[], keysType: KeysType): void {
  const generated = names.some((name) => name.startsWith(generatedKeyPrefix));
  if (generated && (keysType === "AGGREGATE" || keysType === "UNIQUE"))
    throw analysisError(
      "expression partition base on generated column doest not support AGG_KEYS or UNIQUE_KEYS",
    );
}
