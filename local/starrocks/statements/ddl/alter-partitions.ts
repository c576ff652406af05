import { analysisError, ddlError, SqlError } from "../../basics/errors.ts";
import type { Context } from "../../engine/context.ts";
import { checkNormal } from "../../engine/table-state.ts";
import type { Partition } from "../../metadata/model.ts";
import { partitionColumnTypes } from "../../metadata/partition-text.ts";
import { parseProperties } from "../../sql/create-table.ts";
import { parsePartitionNames } from "../../sql/from.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { physicalIds } from "../../storage/partitions.ts";
import { replacePartition } from "../../storage/replace-partition.ts";
import { deleteRows } from "../../storage/rows.ts";
import type { Clause } from "./clause.ts";
import { checkNotDynamic, checkPartitionName } from "./partition-rules.ts";

/** After `DROP`: `[TEMPORARY] PARTITION[S] [IF EXISTS] p [FORCE]`. */
export function dropPartitions(tokens: Tokens): Clause {
  const temporary = tokens.accept("TEMPORARY");
  if (!tokens.accept("PARTITIONS")) tokens.expect("PARTITION");
  const ifExists = tokens.accept("IF", "EXISTS");
  const names = tokens.isOperator("(")
    ? tokens.parenthesised(() => tokens.list(() => tokens.identifierOrString()))
    : [tokens.identifierOrString()];
  const force = tokens.accept("FORCE");
  return async (context, table) => {
    checkNormal(table);
    if (table.partitioning.kind === "none")
      throw ddlError(`Alter table [${table.name}] failed. Not a partitioned table`);
    if (names.some((name) => name.startsWith("$shadow_")))
      throw analysisError("Deletion of shadow partitions is not allowed");
    if (!temporary) checkNotDynamic(table);
    const set = context.cluster.catalog.partitions(table.id);
    const dropped = names.flatMap((name) => {
      const partition = set.get(name, temporary);
      if (!partition && !ifExists) throw new SqlError(`Error in list of partitions to [${name}]`, 1507);
      return partition ? [partition] : [];
    });
    for (const partition of dropped) context.cluster.catalog.removePartition(partition);
    if (force || temporary) await deleteRows(context.cluster, table, physicalIds(dropped));
    else for (const partition of dropped) recycle(context, partition);
  };
}

/** Kept for RECOVER; its rows stay, unseen. */
function recycle({ cluster }: Context, partition: Partition): void {
  cluster.recycleBin.put({ kind: "partition", id: partition.id, droppedAt: cluster.now(), partition });
  cluster.catalog.touch("recycled", partition.id);
}

/** After `RENAME PARTITION`: `[old] new`; only of ranges that are made by hand (§21.2). */
export function renamePartition(tokens: Tokens): Clause {
  const name = tokens.identifier();
  const fresh = tokens.identifier();
  return async (context, table) => {
    checkNormal(table);
    checkPartitionName(fresh);
    if (name.startsWith("$shadow_")) throw ddlError("Rename of shadow partitions is not allowed");
    const set = context.cluster.catalog.partitions(table.id);
    if (table.partitioning.kind !== "range")
      throw ddlError(`Table[${table.name}] is single partitioned. no need to rename partition name.`);
    if (table.partitioning.automatic)
      throw ddlError(`Table[${table.name}] is automatic partitioned. not support to rename partition name.`);
    if (name.toLowerCase() === fresh.toLowerCase()) throw ddlError("Same partition name");
    const partition = set.get(name);
    if (!partition) throw ddlError(`Partition[${name}] does not exists`);
    if (set.get(fresh)) throw ddlError(`Partition name[${fresh}] is already used`);
    context.cluster.catalog.renamePartition(partition, fresh);
  };
}

/** After `REPLACE`: `PARTITION (p, …) WITH TEMPORARY PARTITION (tp, …) [PROPERTIES]`. */
export function replacePartitions(tokens: Tokens): Clause {
  const { partitions: formerNames = [] } = parsePartitionNames(tokens);
  tokens.expect("WITH");
  const { partitions: freshNames = [] } = parsePartitionNames(tokens);
  const properties = tokens.accept("PROPERTIES") ? parseProperties(tokens) : {};
  return async (context, table) => {
    checkNormal(table);
    const set = context.cluster.catalog.partitions(table.id);
    const formers = formerNames.map((name) => required(set.get(name), name));
    const freshes = freshNames.map((name) => required(set.get(name, true), name, "Temp partition"));
    if (formers.length !== freshes.length) {
      throw ddlError(
        "Replacing partitions by a different number of temporary partitions is not supported by the embedded StarRocks",
      );
    }
    const useTempName = properties["use_temp_partition_name"] === "true";
    const types = partitionColumnTypes(table);
    for (const [index, former] of formers.entries()) {
      const fresh = freshes[index];
      if (!fresh) continue;
      if (
        former.values.kind === "range" &&
        JSON.stringify(former.values) !== JSON.stringify(fresh.values) &&
        types.length > 0
      )
        throw ddlError(
          `The range of partition ${former.name} and temporary partition ${fresh.name} are not the same`,
        );
      const own = fresh.name;
      await replacePartition(context.cluster, table, former, fresh);
      if (useTempName) context.cluster.catalog.renamePartition(fresh, own);
    }
  };
}

function required(partition: Partition | undefined, name: string, what = "Partition"): Partition {
  if (!partition) throw ddlError(`${what}[${name}] does not exist`);
  return partition;
}
