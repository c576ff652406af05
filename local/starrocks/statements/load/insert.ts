import { randomUUID } from "node:crypto";
import { analysisError, SqlError, unsupported } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { requireOn } from "../../engine/access.ts";
import { type Context, findTable } from "../../engine/context.ts";
import type { Database, Partition, Table } from "../../metadata/model.ts";
import { isShadow } from "../../metadata/partition-text.ts";
import { parsePartitionNames } from "../../sql/from.ts";
import { parseQuery } from "../../sql/query.ts";
import type { Query } from "../../sql/query-ast.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { applyRows } from "../../storage/apply.ts";
import { type LoadTransaction, loadInfo, recordLabel } from "../../storage/load-transaction.ts";
import type { LoadStatus } from "../../storage/publishing.ts";
import { routeRows } from "../../storage/route.ts";
import { dropStage, type Stage, stageRows } from "../../storage/stage.ts";
import { translation } from "../query/translation.ts";
import { insertSource } from "./insert-source.ts";
import { overwrite } from "./overwrite.ts";

export type Insert = Readonly<{
  overwrite: boolean;
  name: readonly string[];
  partitions?: readonly string[];
  temporary: boolean;
  label: string;
  columns?: readonly string[];
  query: Query;
}>;

function parseInsert(tokens: Tokens): Insert {
  const overwriting = tokens.accept("OVERWRITE");
  if (!overwriting) tokens.accept("INTO");
  tokens.accept("TABLE");
  const name = tokens.qualifiedName();
  const head = parsePartitionNames(tokens);
  let label = `insert_${randomUUID()}`;
  if (tokens.accept("WITH", "LABEL")) label = tokens.identifier();
  const ofQuery =
    tokens.isOperator("(", 1) || ["SELECT", "WITH", "VALUES"].some((word) => tokens.isWord(word, 1));
  const named = tokens.isOperator("(") && !ofQuery;
  const columns = named ? tokens.parenthesised(() => tokens.list(() => tokens.identifier())) : undefined;
  if (!head.partitions && tokens.accept("WITH", "LABEL")) label = tokens.identifier();
  const query = parseQuery(tokens);
  tokens.expectEnd();
  return { overwrite: overwriting, name, label, query, ...head, ...(columns && { columns }) };
}

/** After `INSERT`. */
export async function insert(tokens: Tokens, context: Context): Promise<Result> {
  const statement = parseInsert(tokens);
  const { cluster } = context;
  const { database, table } = findTable(context, statement.name);
  checkWritable(table);
  requireOn(context, table, "INSERT");
  choosePartitions(context, table, statement);
  const transaction = cluster.transactions.begin(cluster, database, statement.label);
  try {
    const stage = await cluster.look(async () => {
      const self = translation(context);
      const source = await insertSource(cluster, table, statement.columns, statement.query, self);
      return stageRows(cluster, table, source, transaction.id);
    });
    try {
      return await commit(context, statement, database, table, transaction, stage);
    } finally {
      await cluster.look(() => dropStage(cluster, stage.name));
    }
  } finally {
    cluster.transactions.end(transaction);
  }
}

async function commit(
  context: Context,
  statement: Insert,
  database: Database,
  table: Table,
  transaction: LoadTransaction,
  stage: Stage,
): Promise<Result> {
  const { cluster } = context;
  if (statement.overwrite) {
    await overwrite(context, statement, table, transaction, stage);
    return ok(stage.rows, loadInfo(transaction, "VISIBLE"));
  }
  const status = await cluster.change(() => {
    const current = findTable(context, [database.name, table.name]).table;
    return appendRows(context, current, statement, transaction, stage);
  });
  return ok(stage.rows, loadInfo(transaction, status));
}

async function appendRows(
  context: Context,
  table: Table,
  statement: Insert,
  transaction: LoadTransaction,
  stage: Stage,
): Promise<LoadStatus> {
  const { cluster } = context;
  checkCommit(table);
  const targets = choosePartitions(context, table, statement);
  const routed = await routeRows(cluster, table, stage, targets, {
    create: !statement.partitions,
    txnId: transaction.id,
  });
  const status = await cluster.publishing.commit(table, routed, async () => {
    await applyRows(cluster, table, routed);
    await cluster.duck.run(`DROP TABLE ${routed.name}`);
  });
  if (table.columns.some((column) => column.autoIncrement)) {
    table.nextAutoIncrement += stage.rows;
    cluster.catalog.touch("relation", table.id);
  }
  recordLabel(cluster, transaction, table, { type: "INSERT", rows: stage.rows, finished: true });
  return status;
}

export function choosePartitions(
  context: Context,
  table: Table,
  statement: Pick<Insert, "partitions" | "temporary">,
): Partition[] {
  const set = context.cluster.catalog.partitions(table.id);
  if (!statement.partitions) return set.normal().filter((partition) => !isShadow(partition));
  return statement.partitions.map((name) => {
    const partition = set.get(name, statement.temporary);
    if (!partition)
      throw analysisError(`Unknown partition '${name}' in table '${table.name}'`, 1735, "HY000");
    return partition;
  });
}

export function checkWritable(table: Table): void {
  if (table.materialized)
    throw analysisError(
      `The data of '${table.name}' cannot be inserted because '${table.name}' is a materialized view,and the data of materialized view must be consistent with the base table.`,
    );
  if (table.engine !== "OLAP") throw unsupported(`Writing a ${table.engine} table`);
}

/** §6.7: found out at commit. */
export function checkCommit(table: Table): void {
  if (table.state === "RESTORE") throw new SqlError(`Cannot write RESTORE state table "${table.name}"`);
}
