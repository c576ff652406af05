import { ddlError, SqlError } from "../../basics/errors.ts";
import { type Context, tableNow } from "../../engine/context.ts";
import type { Partition, Table } from "../../metadata/model.ts";
import { isShadow } from "../../metadata/partition-text.ts";
import { applyRows, publishVersion, recount } from "../../storage/apply.ts";
import { recordLabel } from "../../storage/load-transaction.ts";
import { partitionLike } from "../../storage/partitions.ts";
import { replacePartition } from "../../storage/replace-partition.ts";
import { routeRows } from "../../storage/route.ts";
import type { Insert } from "./insert-statement.ts";
import { checkCommit, choosePartitions } from "./insert-target.ts";
import type { Load } from "./load.ts";

/**
 * INSERT OVERWRITE as the FE runs it: temporary partitions beside the targets, a load into them, and a replacement
 * in one step (§9.5). While it runs the temporary partitions are visible, and block BACKUP (§10).
 */
export async function overwrite(load: Load): Promise<void> {
  const { context, statement, table: given, transaction, stage } = load;
  const { cluster } = context;
  const names = await cluster.change(async () => {
    const table = tableNow(context, given);
    checkCommit(table);
    const formers = isDynamic(context, statement, table)
      ? await touchedPartitions({ ...load, table })
      : choosePartitions(context, table, statement);
    return formers.map((former) => ({
      id: former.id,
      former: former.name,
      fresh: partitionLike(cluster, table, former, {
        name: `txn${transaction.id}_${former.name}`,
        temporary: true,
      }).name,
    }));
  });
  try {
    await cluster.overwriteBarrier();
    await cluster.change(async () => {
      const table = tableNow(context, given);
      checkCommit(table);
      const set = cluster.catalog.partitions(table.id);
      const replaced = names.map(({ id, former, fresh }) => ({
        former: present(set.get(former), former, id),
        fresh: present(set.get(fresh, true), fresh),
      }));
      const targets = replaced.map(({ fresh }) => fresh);
      const routed = await routeRows(cluster, table, stage, {
        targets,
        create: !statement.partitions,
        txnId: transaction.id,
      });
      await applyRows(cluster, table, routed);
      await cluster.duck.run(`DROP TABLE ${routed.name}`);
      publishVersion(cluster, routed.touched, cluster.now());
      await recount(cluster, table, routed.touched);
      for (const { former, fresh } of replaced) await replacePartition(cluster, table, former, fresh);
      recordLabel(cluster, transaction, table, { type: "INSERT", rows: stage.rows, finished: true });
    });
  } catch (error) {
    await cluster.change(async () => {
      const set = cluster.catalog.partitions(given.id);
      for (const { fresh } of names) {
        const left = set.get(fresh, true);
        if (left) cluster.catalog.removePartition(left);
      }
    });
    throw error;
  }
}

/** `dynamic_overwrite`: an automatic table gives up only the partitions that get rows. */
function isDynamic({ session }: Context, statement: Insert, { partitioning }: Table): boolean {
  const automatic = partitioning.kind !== "none" && Boolean(partitioning.automatic);
  const wanted = /^(?:1|true)$/i.test(session.variables.get("dynamic_overwrite") ?? "");
  return wanted && automatic && !statement.partitions;
}

async function touchedPartitions({
  context,
  table,
  transaction,
  stage,
}: Load): Promise<readonly Partition[]> {
  const { cluster } = context;
  const targets = cluster.catalog.partitions(table.id).normal();
  // The sink of the FE opens the shadow partition unseen (§21.2).
  if (!targets.some(isShadow))
    throw new SqlError(
      'Cannot invoke "com.starrocks.catalog.Partition.getId()" because the return value of "com.starrocks.catalog.OlapTable.getPartition(String)" is null',
    );
  const routed = await routeRows(cluster, table, stage, { targets, create: true, txnId: transaction.id });
  await cluster.duck.run(`DROP TABLE ${routed.name}`);
  return routed.touched;
}

/** A target that was dropped or replaced meanwhile fails the statement. */
function present(partition: Partition | undefined, name: string, id?: number): Partition {
  if (!partition || (id !== undefined && partition.id !== id))
    throw ddlError(`Partition ${name} was changed while INSERT OVERWRITE was running`);
  return partition;
}
