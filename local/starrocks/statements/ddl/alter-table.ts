import { analysisError, ddlError, SqlError, syntaxError, unsupported } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { atLeast } from "../../basics/versions.ts";
import { requireOn } from "../../engine/access.ts";
import { type Context, findTable } from "../../engine/context.ts";
import { checkNormal } from "../../engine/table-state.ts";
import type { Table } from "../../metadata/model.ts";
import { notAlterable } from "../../sql/create-materialized-view.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { renameWithPartition } from "../../storage/partitions.ts";
import { addPartitions } from "./add-partitions.ts";
import { addColumn, dropColumn, modifyColumn } from "./alter-columns.ts";
import { dropPartitions, renamePartition, replacePartitions } from "./alter-partitions.ts";
import { modifyPartitions, setProperties } from "./alter-properties.ts";
import type { Clause } from "./clause.ts";
import { inactivateViewsOn } from "./materialized-status.ts";
import { mergePartitions } from "./merge-partitions.ts";
import { redistribute } from "./optimize.ts";
import { recordSchemaChange } from "./schema-changes.ts";
import { addIndex, dropIndex } from "./table-indexes.ts";

/** After `ALTER TABLE`. */
export async function alterTable(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.qualifiedName();
  let changesSchema = false;
  const clauses = tokens.list(() => {
    changesSchema ||= tokens.isWord("COLUMN", 1) && !tokens.isWord("COMMENT", 3);
    changesSchema ||= tokens.isWord("INDEX", 1);
    return parseClause(tokens);
  });
  tokens.expectEnd();
  return context.cluster.change(async () => {
    const { table } = findTable(context, name);
    requireOn(context, table, "ALTER");
    if (table.materialized) throw notAlterable(table.name);
    for (const clause of clauses) await clause(context, findTable(context, name).table);
    if (changesSchema) {
      const changed = findTable(context, name);
      recordSchemaChange(context, changed.database, changed.table);
    }
    return ok();
  });
}

function parseClause(tokens: Tokens): Clause {
  if (tokens.accept("RENAME")) return parseRename(tokens);
  if (tokens.accept("SWAP", "WITH")) {
    const other = tokens.identifier();
    return (context, table) => swap(context, table, other);
  }
  if (tokens.accept("COMMENT")) return setComment(tokens);
  if (tokens.accept("SET")) return setProperties(tokens);
  if (tokens.accept("MODIFY", "PARTITION")) return modifyPartitions(tokens);
  if (tokens.accept("MODIFY", "COLUMN")) return modifyColumn(tokens);
  if (tokens.isWord("DISTRIBUTED")) return redistribute(tokens);
  if (tokens.isWord("PARTITION") && tokens.isWord("BY", 1)) return mergePartitions(tokens);
  if (tokens.isWord("AUTO_INCREMENT")) return setAutoIncrement(tokens);
  if (tokens.accept("REPLACE")) return replacePartitions(tokens);
  if (tokens.accept("ADD")) return parseAdd(tokens);
  if (tokens.accept("DROP")) return parseDrop(tokens);
  throw unsupported(`ALTER TABLE ${tokens.peek().text}`);
}

function parseAdd(tokens: Tokens): Clause {
  if (tokens.accept("COLUMN")) return addColumn(tokens);
  return tokens.accept("INDEX") ? addIndex(tokens) : addPartitions(tokens);
}

function parseDrop(tokens: Tokens): Clause {
  if (tokens.accept("COLUMN")) return dropColumn(tokens);
  return tokens.accept("INDEX") ? dropIndex(tokens) : dropPartitions(tokens);
}

/** After `RENAME`. */
function parseRename(tokens: Tokens): Clause {
  if (tokens.accept("PARTITION")) return renamePartition(tokens);
  if (tokens.accept("COLUMN")) throw unsupported("RENAME COLUMN");
  const fresh = tokens.identifier();
  return (context, table) => rename(context, table, fresh);
}

/** `AUTO_INCREMENT = n`, since 4.1: the next id that is given; never back (§12). */
function setAutoIncrement(tokens: Tokens): Clause {
  const word = tokens.peek();
  tokens.expect("AUTO_INCREMENT");
  tokens.expectOperator("=");
  const next = tokens.integer();
  return async ({ cluster }, table) => {
    if (!atLeast(cluster.options.version, "4.1"))
      throw syntaxError(`Unexpected input '${word.text}'`, word.position);
    if (next <= 0) throw analysisError("AUTO_INCREMENT value must be positive");
    if (table.nextAutoIncrement > 1 && next <= table.nextAutoIncrement)
      throw new SqlError(
        `New auto_increment value must be greater than current value: ${table.nextAutoIncrement}`,
      );
    cluster.catalog.touch("relation", table.id);
    table.nextAutoIncrement = next;
    cluster.idIntervals.drop(table.id);
  };
}

/** After `COMMENT`: `[=] "text"`. */
function setComment(tokens: Tokens): Clause {
  tokens.acceptOperator("=");
  const comment = tokens.string();
  return async (context, table) => {
    checkNormal(table);
    table.comment = comment;
    context.cluster.catalog.touch("relation", table.id);
  };
}

/** §11 */
async function rename(context: Context, table: Table, fresh: string): Promise<void> {
  checkNormal(table);
  if (table.name === fresh) throw analysisError(`Same table name ${fresh}`);
  const database = context.cluster.catalog.databaseById(table.dbId);
  if (database && context.cluster.catalog.relation(database, fresh))
    throw ddlError(`Table name[${fresh}] is already used`);
  inactivateViewsOn(context.cluster, table, `base-table renamed: ${table.name}`);
  renameWithPartition(context.cluster, [[table, fresh]]);
}

/** §11: only the named table's state is checked. */
async function swap(context: Context, table: Table, otherName: string): Promise<void> {
  checkNormal(table);
  // What a table is called its base index is called, too.
  if (otherName === table.name) throw ddlError(`New name conflicts with rollup index name: ${otherName}`);
  const database = context.cluster.catalog.databaseById(table.dbId);
  const other = database && context.cluster.catalog.relation(database, otherName);
  if (other?.kind !== "table" || other.engine !== table.engine)
    throw ddlError(`Table ${otherName} does not exist or is not OLAP/LAKE table`);
  for (const one of [table, other])
    inactivateViewsOn(context.cluster, one, `base-table swapped: ${one.name}`);
  renameWithPartition(context.cluster, [
    [table, other.name],
    [other, table.name],
  ]);
}
