import { timeText } from "../../basics/clock.ts";
import type { Position } from "../../basics/errors.ts";
import { analysisErrorAt, ddlError, unsupported } from "../../basics/errors.ts";
import { quoteName, quoteText } from "../../duckdb/duck.ts";
import { duckType } from "../../duckdb/translate/types.ts";
import type { Context } from "../../engine/context.ts";
import { checkNormal } from "../../engine/table-state.ts";
import type { Column, Table } from "../../metadata/model.ts";
import { plainTypeText } from "../../metadata/type-names.ts";
import { type ColumnDefinition, parseColumn } from "../../sql/create-table.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { dataTable } from "../../storage/rows.ts";
import type { Clause } from "./clause.ts";
import {
  checkAdded,
  checkDropped,
  checkModified,
  checkSchema,
  fillText,
  sameName,
} from "./column-changes.ts";
import { defaultProblem } from "./default-value.ts";

type Place = { first: boolean; after?: string };

/** A definition and where it stands, for the analyzer's complaints. */
type Written = Readonly<{ definition: ColumnDefinition; from: Position; to: Position }>;

function parseWritten(tokens: Tokens): Written {
  const from = tokens.peek().position;
  const definition = parseColumn(tokens);
  return { definition, from, to: tokens.previous().position };
}

function parsePlace(tokens: Tokens): Place {
  if (tokens.accept("FIRST")) return { first: true };
  return tokens.accept("AFTER") ? { first: false, after: tokens.identifier() } : { first: false };
}

/** What the analyzer says before the table is looked at (ColumnDefAnalyzer). */
function analyze({ definition, from, to }: Written): Column {
  if (definition.generated !== undefined) throw unsupported("ALTER TABLE with a generated column");
  if (definition.autoIncrement) throw unsupported("ALTER TABLE with an AUTO_INCREMENT column");
  duckType(definition.type);
  const problem = defaultProblem(definition);
  if (problem !== undefined) throw analysisErrorAt(`Column definition is wrong. ${problem}`, from, to);
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

function checkFillable(column: Column, { from, to }: Written): void {
  const { default: value } = column;
  const none = value === undefined || (value.kind === "literal" && value.value === null);
  if (!column.nullable && none)
    throw analysisErrorAt(`Field '${column.name}' is not null but doesn't have a default value`, from, to);
}

const find = (table: Table, name: string): number =>
  table.columns.findIndex((column) => sameName(column.name, name));

/** Behind the last key, which is where a key column without a place goes. */
const afterKeys = (table: Table): number => table.columns.filter((column) => column.key).length;

function position(table: Table, where: Place, fallback: number): number {
  if (where.first) return 0;
  if (where.after === undefined) return fallback;
  const at = find(table, where.after);
  if (at < 0) throw ddlError(`Column[${where.after}] does not found`);
  return at + 1;
}

/**
 * What changes the catalog is noted before it does: a definition that fails after another, or inside DuckDB, has the
 * truth read back.
 */
function touch({ cluster }: Context, table: Table): void {
  checkNormal(table);
  cluster.catalog.touch("relation", table.id);
}

/** After `ADD COLUMN`: one with a place, or several in parentheses. Ids and versions stay (fast schema evolution, §9.5). */
export function addColumn(tokens: Tokens): Clause {
  const several = tokens.isOperator("(");
  const written = several
    ? tokens.parenthesised(() => tokens.list(() => parseWritten(tokens)))
    : [parseWritten(tokens)];
  const where = several ? { first: false } : parsePlace(tokens);
  return async (context, table) => {
    touch(context, table);
    const before = [...table.columns];
    const columns = written.map((one) => {
      const column = analyze(one);
      if (column.aggregation !== undefined && where.first)
        throw analysisErrorAt(`Cannot add value column[${column.name}] at first`, one.from, one.to);
      checkFillable(column, one);
      return column;
    });
    for (const given of columns) {
      const column = checkAdded(table, given);
      const last = column.key ? afterKeys(table) : table.columns.length;
      table.columns.splice(position(table, where, last), 0, column);
    }
    checkSchema(table, before);
    for (const column of columns) await addData(context, table, column);
  };
}

async function addData(context: Context, table: Table, column: Column): Promise<void> {
  const now = `TIMESTAMP '${timeText(context.cluster.now(), context.session.zone)}'`;
  const text = fillText(column);
  const fill = column.default?.kind === "now" ? now : text === null ? "NULL" : quoteText(text);
  await context.cluster.duck.run(
    `ALTER TABLE ${dataTable(table)} ADD COLUMN ${quoteName(column.name)} ${duckType(column.type)} DEFAULT ${fill}`,
  );
}

/** After `DROP COLUMN`. */
export function dropColumn(tokens: Tokens): Clause {
  const name = tokens.identifier();
  return async (context, table) => {
    touch(context, table);
    const before = [...table.columns];
    const column = checkDropped(table, name);
    table.columns.splice(find(table, name), 1);
    checkSchema(table, before);
    await context.cluster.duck.run(`ALTER TABLE ${dataTable(table)} DROP COLUMN ${quoteName(column.name)}`);
  };
}

/** After `MODIFY COLUMN`: `c type …` or `c COMMENT '…'`. */
export function modifyColumn(tokens: Tokens): Clause {
  if (tokens.isWord("COMMENT", 1)) {
    const name = tokens.identifier();
    tokens.expect("COMMENT");
    return changeComment(name, tokens.string());
  }
  const written = parseWritten(tokens);
  const where = parsePlace(tokens);
  return async (context, table) => {
    touch(context, table);
    const before = [...table.columns];
    const column = checkModified(table, analyze(written));
    const index = find(table, column.name);
    if (where.after !== undefined && find(table, where.after) < 0)
      throw ddlError(`Column[${where.after}] does not exists`);
    if (where.after !== undefined && sameName(where.after, column.name))
      throw ddlError(`Column[${where.after}] modify position is invalid`);
    table.columns.splice(index, 1);
    table.columns.splice(position(table, where, index), 0, column);
    checkSchema(table, before);
    const former = before[index];
    if (former && plainTypeText(former.type) !== plainTypeText(column.type))
      await retype(context, table, former, column);
  };
}

/** StarRocks converts in a job of its own and cancels it at a value that does not fit; there is no such job here. */
async function retype({ cluster }: Context, table: Table, former: Column, column: Column): Promise<void> {
  const name = quoteName(column.name);
  await cluster.duck
    .run(`ALTER TABLE ${dataTable(table)} ALTER COLUMN ${name} TYPE ${duckType(column.type)}`)
    .catch(() => {
      const [from, to] = [plainTypeText(former.type), plainTypeText(column.type)];
      throw unsupported(`Changing ${from} to ${to} over values that do not convert`);
    });
}

function changeComment(name: string, comment: string): Clause {
  return async (context, table) => {
    touch(context, table);
    const index = find(table, name);
    const column = table.columns[index];
    if (!column) throw ddlError(`Column[${name}] does not exists`);
    table.columns[index] = { ...column, comment };
  };
}
