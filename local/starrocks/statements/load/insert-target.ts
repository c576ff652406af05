import { analysisError, SqlError, unsupported } from "../../basics/errors.ts";
import type { Context } from "../../engine/context.ts";
import type { Partition, Table } from "../../metadata/model.ts";
import { isShadow } from "../../metadata/partition-text.ts";
import type { Insert } from "./insert-statement.ts";

export function choosePartitions(
  context: Context,
  table: Table,
  statement: Pick<Insert, "partitions" | "temporary">,
): Partition[] {
  const set = context.cluster.catalog.partitions(table.id);
  if (!statement.partitions) return set.normal().filter((partition) => !isShadow(partition));
  return statement.partitions.map((name) => {
    const partition = set.get(name, statement.temporary);
    if (!partition) throw analysisError(`Unknown partition '${name}' in table '${table.name}'`);
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
