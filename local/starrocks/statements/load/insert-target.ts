import { analysisError, SqlError, unsupported } from "../../basics/errors.ts";
import { atLeast, type StarRocksVersion } from "../../basics/versions.ts";
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

/** INSERT finds it out when it commits, and since 4.1 says at what. */
export function checkInsertCommit(table: Table, version: StarRocksVersion): void {
  if (table.state === "RESTORE" && atLeast(version, "4.1"))
    throw new SqlError(`fail to execute commit task: Cannot write RESTORE state table "${table.name}"`);
  checkCommit(table);
}

/** INSERT OVERWRITE is refused by the analyzer. */
export function checkOverwrite(table: Table): void {
  if (table.state !== "NORMAL")
    throw analysisError(
      `table state is ${table.state}, please wait to insert overwrite until table state is normal`,
    );
}
