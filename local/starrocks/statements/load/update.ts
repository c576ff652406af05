import { randomUUID } from "node:crypto";
import { analysisError, SqlError } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { quoteName } from "../../duckdb/duck.ts";
import { translateExpression } from "../../duckdb/translate/expression.ts";
import { type Scope, scopeOf } from "../../duckdb/translate/scope.ts";
import { requireOn } from "../../engine/access.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { type Context, findTable, tableNow } from "../../engine/context.ts";
import type { Table } from "../../metadata/model.ts";
import { isShadow } from "../../metadata/partition-text.ts";
import { parseExpression } from "../../sql/expression.ts";
import { parsePartitionNames } from "../../sql/from.ts";
import type { Expr, TableRef } from "../../sql/query-ast.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { applyRows, publishVersion, recount } from "../../storage/apply.ts";
import { loadInfo, recordLabel } from "../../storage/load-transaction.ts";
import { physicalIds } from "../../storage/partitions.ts";
import type { LoadStatus } from "../../storage/publishing.ts";
import { routeRows } from "../../storage/route.ts";
import { dataTable, inPartitions } from "../../storage/rows.ts";
import { dropStage, type Stage, stageRows } from "../../storage/stage.ts";
import { sortedColumns, translation } from "../query/translation.ts";
import { checkDeleteConditions } from "./delete-conditions.ts";
import { withGenerated } from "./insert-source.ts";
import { checkCommit, checkWritable, choosePartitions } from "./insert-target.ts";

/** After `UPDATE`. */
export async function update(tokens: Tokens, context: Context): Promise<Result> {
  const token = tokens.peek();
  const name = tokens.qualifiedName();
  tokens.expect("SET");
  const assignments = tokens.list(() => {
    const column = tokens.qualifiedName().at(-1) ?? "";
    tokens.expectOperator("=");
    return [column.toLowerCase(), parseExpression(tokens)] as const;
  });
  const where = tokens.accept("WHERE") ? parseExpression(tokens) : undefined;
  tokens.expectEnd();
  const { table } = findTable(context, name);
  requireOn(context, table, "UPDATE");
  if (table.keysType !== "PRIMARY") throw analysisError(`table ${table.name} does not support update`);
  if (!where) throw analysisError("must specify where clause to prevent full table update");
  const values = new Map(assignments);
  for (const [column] of assignments) checkAssignable(table, column);
  const ref: TableRef = { kind: "table", name, token, temporary: false };
  const build: Build = (self, from) => {
    const scope = tableScope(table);
    const outputs = table.columns.map((column) => {
      const value = values.get(column.name.toLowerCase());
      const own = quoteName(column.name);
      return `${value ? translateExpression(value, self, scope) : own} AS ${own}`;
    });
    const sql = `SELECT ${outputs.join(", ")} FROM ${from} WHERE ${translateExpression(where, self, scope)}`;
    return withGenerated(table, sql, self);
  };
  return changeRows(context, table, { kind: "update", ref, build });
}

function checkAssignable(table: Table, name: string): void {
  const column = table.columns.find((one) => one.name.toLowerCase() === name);
  if (!column) throw analysisError(`table '${table.name}' do not existing column '${name}'`);
  if (column.key) throw analysisError(`primary key column cannot be updated: ${column.name}`);
}

const tableScope = (table: Table): Scope => scopeOf(table.name, sortedColumns(table.columns));

type Build = (self: ReturnType<typeof translation>, from: string) => string;

/** What happens to the rows that `build` selects. */
interface RowChange {
  readonly kind: "update" | "delete";
  readonly ref: TableRef;
  readonly build: Build;
}

/**
 * "SELECT matching rows at the current version, then upsert them" in two steps, as StarRocks does: two concurrent
 * UPDATEs both match and the later one wins silently (§14.3).
 */
async function changeRows(context: Context, table: Table, { kind, ref, build }: RowChange): Promise<Result> {
  const { cluster } = context;
  checkWritable(table);
  const database = cluster.catalog.databaseById(table.dbId);
  if (!database) throw new SqlError("embedded StarRocks: internal error: table without database");
  const transaction = cluster.transactions.begin(cluster, database, `${kind}_${randomUUID()}`);
  try {
    const stage = await cluster.look(async () => {
      const self = translation(context);
      const sql = build(self, `${self.target(ref)} AS ${quoteName(table.name)}`);
      return stageRows(cluster, table, sql, transaction.id);
    });
    try {
      const status = await cluster.change(async () => {
        const current = tableNow(context, table);
        checkCommit(current);
        const committed = await commitChange(context, current, { kind, stage, txnId: transaction.id });
        recordLabel(cluster, transaction, table, {
          type: kind.toUpperCase(),
          rows: stage.rows,
          finished: true,
        });
        return committed;
      });
      return ok(stage.rows, loadInfo(transaction, status));
    } finally {
      await cluster.look(() => dropStage(cluster, stage.name));
    }
  } finally {
    cluster.transactions.end(transaction);
  }
}

async function commitChange(
  context: Context,
  table: Table,
  { kind, stage, txnId }: Readonly<{ kind: RowChange["kind"]; stage: Stage; txnId: number }>,
): Promise<LoadStatus> {
  const { cluster } = context;
  const targets = choosePartitions(context, table, { temporary: false });
  const routed = await routeRows(cluster, table, stage, { targets, create: false, txnId });
  return cluster.publishing.commit(table, routed, async () => {
    if (kind === "delete") await deleteMatching(cluster, table, routed.name);
    else await applyRows(cluster, table, routed);
    await cluster.duck.run(`DROP TABLE ${routed.name}`);
  });
}

async function deleteMatching(cluster: Cluster, table: Table, rows: string): Promise<void> {
  const keys = table.columns.filter((column) => column.key).map((column) => quoteName(column.name));
  const match = ["__partition", ...keys].map((key) => `t${table.id}.${key} = r.${key}`).join(" AND ");
  await cluster.duck.run(`DELETE FROM ${dataTable(table)} USING ${rows} r WHERE ${match}`);
}

/** After `DELETE FROM`. */
export async function deleteFrom(tokens: Tokens, context: Context): Promise<Result> {
  const token = tokens.peek();
  const name = tokens.qualifiedName();
  const { partitions } = parsePartitionNames(tokens);
  const where = tokens.accept("WHERE") ? parseExpression(tokens) : undefined;
  tokens.expectEnd();
  const { table } = findTable(context, name);
  requireOn(context, table, "DELETE");
  if (!where) throw analysisError("must specify where clause to prevent full table delete");
  if (table.keysType !== "PRIMARY") return deleteByPredicate(context, table, partitions, where);
  if (partitions) throw analysisError("Delete for primary key table do not support specifying partitions");
  const ref: TableRef = { kind: "table", name, token, temporary: false };
  const build: Build = (self, from) =>
    `SELECT ${quoteName(table.name)}.* FROM ${from} WHERE ${translateExpression(where, self, tableScope(table))}`;
  return changeRows(context, table, { kind: "delete", ref, build });
}

/** Delete predicates of the other key models: a version on every partition addressed, 0 affected rows (§9.5, §14.2). */
async function deleteByPredicate(
  context: Context,
  table: Table,
  names: readonly string[] | undefined,
  where: Expr,
): Promise<Result> {
  const { cluster } = context;
  await cluster.change(async () => {
    if (tableNow(context, table).state === "RESTORE")
      throw new SqlError(`Table's state is not normal: ${table.name}`);
    if (!checkDeleteConditions(table, where)) return;
    const chosen = choosePartitions(context, table, {
      temporary: false,
      ...(names && { partitions: names }),
    });
    // Unless it is named, a partition that never had a row is pruned.
    const partitions = chosen.filter(
      (partition) =>
        !isShadow(partition) &&
        (names || partition.physical.some(({ visibleVersion }) => visibleVersion > 1)),
    );
    if (partitions.length === 0) return;
    const condition = translateExpression(where, translation(context), tableScope(table));
    const ids = physicalIds(partitions);
    await cluster.duck.run(
      `DELETE FROM ${dataTable(table)} AS ${quoteName(table.name)} WHERE ${inPartitions(ids)} AND (${condition})`,
    );
    publishVersion(cluster, partitions, cluster.now());
    await recount(cluster, table, partitions);
  });
  return ok(0);
}
