import { visibleRelations } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import { materializedViewSql } from "../metadata/materialized-text.ts";
import type { Database, Table } from "../metadata/model.ts";
import type { VirtualTable } from "./virtual-table.ts";

type Field = readonly [
  name: string,
  type: string,
  value: (view: Table, database: Database, rows: number) => string | number | null,
];

const none = () => null;

/** What both listings say, in their common order; nothing is known of refreshes by tasks here. */
export const fields: readonly Field[] = [
  ["MATERIALIZED_VIEW_ID", "BIGINT", (view) => view.id],
  ["TABLE_SCHEMA", "VARCHAR(20)", (_view, database) => database.name],
  ["TABLE_NAME", "VARCHAR(50)", (view) => view.name],
  ["REFRESH_TYPE", "VARCHAR(20)", (view) => view.materialized?.refresh.replace("DEFERRED ", "") ?? ""],
  ["IS_ACTIVE", "VARCHAR(10)", (view) => String(view.materialized?.inactiveReason === "")],
  ["INACTIVE_REASON", "VARCHAR(1024)", (view) => view.materialized?.inactiveReason ?? ""],
  ["PARTITION_TYPE", "VARCHAR(16)", () => "UNPARTITIONED"],
  ["TASK_ID", "BIGINT", none],
  ["TASK_NAME", "VARCHAR(50)", (view) => `mv-${view.id}`],
  ["LAST_REFRESH_START_TIME", "TIMESTAMP", none],
  ["LAST_REFRESH_FINISHED_TIME", "TIMESTAMP", none],
  ["LAST_REFRESH_DURATION", "DOUBLE", none],
  ["LAST_REFRESH_STATE", "VARCHAR(20)", none],
  ["LAST_REFRESH_FORCE_REFRESH", "VARCHAR(8)", none],
  ["LAST_REFRESH_START_PARTITION", "VARCHAR(1024)", none],
  ["LAST_REFRESH_END_PARTITION", "VARCHAR(1024)", none],
  ["LAST_REFRESH_BASE_REFRESH_PARTITIONS", "VARCHAR(1024)", none],
  ["LAST_REFRESH_MV_REFRESH_PARTITIONS", "VARCHAR(1024)", none],
  ["LAST_REFRESH_ERROR_CODE", "VARCHAR(20)", none],
  ["LAST_REFRESH_ERROR_MESSAGE", "VARCHAR(1024)", none],
  ["TABLE_ROWS", "BIGINT", (_view, _database, rows) => rows],
  ["MATERIALIZED_VIEW_DEFINITION", "VARCHAR(65535)", (view) => materializedViewSql(view)],
];

export function views(context: Context, database: Database): (string | number | null)[][] {
  return visibleRelations(context, database).flatMap((relation) => {
    if (relation.kind !== "table" || !relation.materialized) return [];
    const physicals = context.cluster.catalog
      .partitions(relation.id)
      .normal()
      .flatMap((partition) => partition.physical);
    const rows = physicals.reduce((sum, one) => sum + one.rows, 0);
    return [fields.map(([, , value]) => value(relation, database, rows))];
  });
}

export const materializedViewsView: VirtualTable = {
  columns: fields.map(([name, type]) => [name, type] as const),
  rows: (context) => context.cluster.catalog.databases().flatMap((database) => views(context, database)),
};
