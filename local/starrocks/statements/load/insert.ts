import { ok, type Result } from "../../basics/result.ts";
import { requireOn } from "../../engine/access.ts";
import { type Context, findTable, tableNow } from "../../engine/context.ts";
import { configValue } from "../../engine/frontend-config.ts";
import type { Database, Table } from "../../metadata/model.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { applyRows } from "../../storage/apply.ts";
import { fillAutoIncrement } from "../../storage/auto-increment.ts";
import { loadInfo, recordLabel } from "../../storage/load-transaction.ts";
import type { LoadStatus } from "../../storage/publishing.ts";
import { routeRows } from "../../storage/route.ts";
import { dropStage, stageRows } from "../../storage/stage.ts";
import { translation } from "../query/translation.ts";
import { insertSource, targetColumns } from "./insert-source.ts";
import { type Insert, parseInsert } from "./insert-statement.ts";
import { checkInsertCommit, checkOverwrite, checkWritable, choosePartitions } from "./insert-target.ts";
import type { Load } from "./load.ts";
import { overwrite } from "./overwrite.ts";

/** After `INSERT`. */
export async function insert(tokens: Tokens, context: Context): Promise<Result> {
  const statement = parseInsert(tokens);
  const { cluster } = context;
  const { database, table } = findTable(context, statement.name);
  checkWritable(table);
  requireOn(context, table, "INSERT");
  if (statement.overwrite) checkOverwrite(table);
  choosePartitions(context, table, statement);
  const transaction = cluster.transactions.begin(cluster, database, statement.label);
  try {
    const stage = await cluster.look(async () => {
      const self = translation(context);
      const source = await insertSource(cluster, table, statement, self);
      return stageRows(cluster, table, source, transaction.id);
    });
    try {
      await cluster.change(() =>
        fillAutoIncrement(cluster, tableNow(context, table), stage.name, {
          optional: isIdOptional(table, statement),
          interval: Number(configValue(cluster, "auto_increment_cache_size")),
          txnId: transaction.id,
        }),
      );
      return await commit({ context, statement, table, transaction, stage }, database);
    } finally {
      await cluster.look(() => dropStage(cluster, stage.name));
    }
  } finally {
    cluster.transactions.end(transaction);
  }
}

/** DEFAULT stands for a new id in VALUES; a query that names the column has to yield it. */
const isIdOptional = (table: Table, { columns, query }: Insert): boolean =>
  query.body.kind === "values" || !targetColumns(table, columns).some((column) => column.autoIncrement);

async function commit(load: Load, database: Database): Promise<Result> {
  const { context, statement, table, transaction, stage } = load;
  if (statement.overwrite) {
    await overwrite(load);
    return ok(stage.rows, loadInfo(transaction, "VISIBLE"));
  }
  const status = await context.cluster.change(() => {
    const current = findTable(context, [database.name, table.name]).table;
    return appendRows({ ...load, table: current });
  });
  return ok(stage.rows, loadInfo(transaction, status));
}

async function appendRows({ context, statement, table, transaction, stage }: Load): Promise<LoadStatus> {
  const { cluster } = context;
  checkInsertCommit(table, cluster.options.version);
  const targets = choosePartitions(context, table, statement);
  const routed = await routeRows(cluster, table, stage, {
    targets,
    create: !statement.partitions,
    txnId: transaction.id,
  });
  const status = await cluster.publishing.commit(table, routed, async () => {
    await applyRows(cluster, table, routed);
    await cluster.duck.run(`DROP TABLE ${routed.name}`);
  });
  recordLabel(cluster, transaction, table, { type: "INSERT", rows: stage.rows, finished: true });
  return status;
}
