import { analysisError, commonError, unsupported } from "../errors.ts";
import type { Column, Table } from "../metadata/model.ts";
import { partitionColumns } from "../metadata/partition-text.ts";
import { type ColumnDefinition, parseColumn } from "../sql/create-table.ts";
import type { Tokens } from "../sql/tokens.ts";
import { quoteName, quoteText } from "../storage/duck.ts";
import { dataTable } from "../storage/rows.ts";
import { duckType } from "../translate/types.ts";
import type { Clause } from "./alter-table.ts";
import { timeText } from "./clock.ts";
import type { Context } from "./context.ts";
import { checkNormal } from "./table-state.ts";

type Place = { first: boolean; after?: string };

function parsePlace(tokens: Tokens): Place {
  if (tokens.accept("FIRST")) return { first: true };
  return tokens.accept("AFTER") ? { first: false, after: tokens.identifier() } : { first: false };
}

const find = (table: Table, name: string): number =>
  table.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());

function asColumn(definition: ColumnDefinition): Column {
  if (definition.generated !== undefined) throw unsupported("ALTER TABLE with a generated column");
  return {
    name: definition.name,
    type: definition.type,
    key: definition.key,
    nullable: definition.nullable ?? true,
    comment: definition.comment,
    ...(definition.aggregation && { aggregation: definition.aggregation }),
    ...(definition.default && { default: definition.default }),
  };
}

function place(table: Table, column: Column, where: Place, fallback: number): void {
  if (where.after !== undefined && find(table, where.after) < 0)
    throw commonError(`Column[${where.after}] does not exist`);
  const at = where.first ? 0 : where.after === undefined ? fallback : find(table, where.after) + 1;
  table.columns.splice(at, 0, column);
}

/** After `ADD COLUMN`: one with a place, or several in parentheses. Ids and versions stay (fast schema evolution, §9.5). */
export function addColumn(tokens: Tokens): Clause {
  const several = tokens.isOperator("(");
  const definitions = several
    ? tokens.parenthesised(() => tokens.list(() => parseColumn(tokens)))
    : [parseColumn(tokens)];
  const where = several ? { first: false } : parsePlace(tokens);
  return async (context, table) => {
    checkNormal(table);
    for (const definition of definitions) await addOne(context, table, definition, where);
    context.cluster.catalog.touch("relation", table.id);
  };
}

async function addOne(
  context: Context,
  table: Table,
  definition: ColumnDefinition,
  where: Place,
): Promise<void> {
  if (find(table, definition.name) >= 0)
    throw commonError(`Can not add column which already exists in base table: ${definition.name}`);
  const column = asColumn(definition);
  const type = duckType(column.type);
  const value = column.default?.kind === "literal" ? column.default.value : null;
  if (!column.nullable && value === null && column.default?.kind !== "now")
    throw commonError(`Column[${column.name}] is not nullable and has no default value`);
  place(table, column, where, table.columns.length);
  const now = `TIMESTAMP '${timeText(context.cluster.now(), context.session.zone)}'`;
  const fill = column.default?.kind === "now" ? now : value === null ? "NULL" : quoteText(value);
  await context.cluster.duck.run(
    `ALTER TABLE ${dataTable(table)} ADD COLUMN ${quoteName(column.name)} ${type} DEFAULT ${fill}`,
  );
}

/** After `DROP COLUMN`. */
export function dropColumn(tokens: Tokens): Clause {
  const name = tokens.identifier();
  return async (context, table) => {
    checkNormal(table);
    const index = find(table, name);
    const column = table.columns[index];
    if (!column) throw commonError(`Column does not exists: ${name}`);
    checkNotStructural(table, column);
    table.columns.splice(index, 1);
    await context.cluster.duck.run(`ALTER TABLE ${dataTable(table)} DROP COLUMN ${quoteName(column.name)}`);
    context.cluster.catalog.touch("relation", table.id);
  };
}

function checkNotStructural(table: Table, column: Column): void {
  if (column.key && table.keysType !== "DUPLICATE")
    throw commonError(`Can not drop key column in ${table.keysType} data model table`);
  const used = [...partitionColumns(table), ...table.distribution.columns];
  if (used.some((name) => name.toLowerCase() === column.name.toLowerCase()))
    throw commonError(`Can not drop partition or distribution column ${column.name}`);
}

/** After `MODIFY COLUMN`: `c type …` or `c COMMENT '…'`. */
export function modifyColumn(tokens: Tokens): Clause {
  if (tokens.isWord("COMMENT", 1)) {
    const name = tokens.identifier();
    tokens.expect("COMMENT");
    return changeComment(name, tokens.string());
  }
  const definition = parseColumn(tokens);
  const where = parsePlace(tokens);
  return async (context, table) => {
    checkNormal(table);
    const index = find(table, definition.name);
    const former = table.columns[index];
    if (!former) throw commonError(`Column[${definition.name}] does not exists`);
    if (former.nullable && definition.nullable === false)
      throw commonError("Can not change from nullable to non-nullable");
    const column: Column = {
      ...asColumn(definition),
      key: former.key,
      nullable: definition.nullable ?? former.nullable,
    };
    table.columns.splice(index, 1);
    place(table, column, where, index);
    await retype(context, table, column);
    context.cluster.catalog.touch("relation", table.id);
  };
}

async function retype(context: Context, table: Table, column: Column): Promise<void> {
  const name = quoteName(column.name);
  try {
    await context.cluster.duck.run(
      `ALTER TABLE ${dataTable(table)} ALTER COLUMN ${name} TYPE ${duckType(column.type)}`,
    );
  } catch (error) {
    throw analysisError(
      `Can not change ${column.name} to ${column.type.name}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function changeComment(name: string, comment: string): Clause {
  return async (context, table) => {
    checkNormal(table);
    const index = find(table, name);
    const column = table.columns[index];
    if (!column) throw commonError(`Column[${name}] does not exists`);
    table.columns[index] = { ...column, comment };
    context.cluster.catalog.touch("relation", table.id);
  };
}
