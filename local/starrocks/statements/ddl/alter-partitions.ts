import { analysisError, commonError, unsupported } from "../../basics/errors.ts";
import type { Context } from "../../engine/context.ts";
import { checkNormal } from "../../engine/table-state.ts";
import { expandDefinitions } from "../../metadata/definitions.ts";
import { isDynamic } from "../../metadata/dynamic-partition.ts";
import type { Partition, Table } from "../../metadata/model.ts";
import { partitionColumnTypes } from "../../metadata/partition-text.ts";
import { type DistributedBy, parseDistributedBy, parseProperties } from "../../sql/create-table.ts";
import { parsePartitionNames } from "../../sql/from.ts";
import { type PartitionDefinition, parsePartitionDefinition } from "../../sql/partition-by.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { newPartition, physicalIds } from "../../storage/partitions.ts";
import { replacePartition } from "../../storage/replace-partition.ts";
import { deleteRows } from "../../storage/rows.ts";
import { partitionReplication } from "./alter-properties.ts";
import type { Clause } from "./clause.ts";
import { checkNewListValues, checkPartitionName, checkRanges } from "./partition-rules.ts";

/** After `ADD`: `[TEMPORARY] PARTITION[S] …`. */
export function addPartitions(tokens: Tokens): Clause {
  const temporary = tokens.accept("TEMPORARY");
  const definitions: PartitionDefinition[] = [];
  if (tokens.accept("PARTITIONS")) definitions.push(parsePartitionDefinition(tokens));
  else definitions.push(parsePartitionDefinition(tokens));
  const own = tokens.isOperator("(") ? parseProperties(tokens) : {};
  const distribution = parseDistributedBy(tokens);
  const common = tokens.accept("PROPERTIES") ? parseProperties(tokens) : {};
  return async (context, table) => {
    checkNormal(table);
    if (distribution) checkSameDistribution(table, distribution);
    if (!temporary) checkNotDynamic(table);
    const replicationNum = partitionReplication(context, { ...common, ...own });
    for (const partition of addTo(context, table, definitions, temporary)) {
      if (distribution?.buckets) partition.buckets = distribution.buckets;
      if (replicationNum !== undefined) partition.replicationNum = replicationNum;
    }
  };
}

/** §21.1: the scheduler's partitions are nobody else's. */
function checkNotDynamic(table: Table): void {
  if (isDynamic(table))
    throw analysisError(
      'Cannot add/drop partition on a Dynamic Partition Table, Use command `ALTER TABLE tbl_name SET ("dynamic_partition.enable" = "false")` firstly.',
    );
}

function addTo(
  context: Context,
  table: Table,
  definitions: readonly PartitionDefinition[],
  temporary: boolean,
): Partition[] {
  const set = context.cluster.catalog.partitions(table.id);
  const kind = table.partitioning.kind;
  if (kind === "none") throw commonError("Only support adding partition to range/list partitioned table");
  const same = temporary ? set.temporary() : set.normal();
  for (const definition of definitions) checkKind(kind, definition);
  const named = expandDefinitions(definitions, partitionColumnTypes(table), same, analysisError);
  const fresh = named.filter(({ name, ifNotExists }) => {
    checkPartitionName(name);
    const existing = set.get(name, false) ?? set.get(name, true);
    if (existing && !ifNotExists) throw analysisError(`Duplicate partition name ${name}`);
    return !existing;
  });
  checkRanges(table, fresh, same, analysisError);
  for (const values of fresh) checkNewListValues(values, same);
  return fresh.map((values) => newPartition(context.cluster, table, values, temporary));
}

function checkKind(kind: "range" | "list", definition: PartitionDefinition): void {
  const list = definition.kind === "in";
  if (kind === "list" && !list)
    throw analysisError(
      "Cannot add a Range partition to a table that partition type is not of Range",
      5700,
      "42000",
    );
  // The FE trips over its own cast here.
  if (kind === "range" && list) throw unsupported("A list partition added to a range-partitioned table");
}

/** A partition may have buckets of its own, not another kind of distribution. */
function checkSameDistribution(table: Table, { kind, columns }: DistributedBy): void {
  const same = (a: readonly string[], b: readonly string[]) =>
    a.join().toLowerCase() === b.join().toLowerCase();
  if (kind !== table.distribution.kind || !same(columns, table.distribution.columns))
    throw unsupported("ADD PARTITION with another distribution than the table's");
}

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
      throw commonError(`Table [${table.name}] is not a partitioned table`);
    if (!temporary) checkNotDynamic(table);
    const set = context.cluster.catalog.partitions(table.id);
    const dropped = names.flatMap((name) => {
      const partition = set.get(name, temporary);
      if (!partition && !ifExists)
        throw analysisError(`Error in list of partitions to ${name}`, 1507, "HY000");
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

/** After `RENAME PARTITION`: `[old] new`. */
export function renamePartition(tokens: Tokens): Clause {
  const name = tokens.identifier();
  const fresh = tokens.identifier();
  return async (context, table) => {
    if (table.state !== "NORMAL") throw commonError(`Table[${table.name}] is under ${table.state}`);
    const set = context.cluster.catalog.partitions(table.id);
    if (table.partitioning.kind === "none")
      throw commonError(`Table[${table.name}] is single partitioned. no need to rename partition name.`);
    const partition = set.get(name);
    if (!partition) throw commonError(`Partition[${name}] does not exists`);
    checkPartitionName(fresh);
    if (set.get(fresh)) throw commonError(`Partition name[${fresh}] is already used`);
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
    const freshes = freshNames.map((name) => required(set.get(name, true), name));
    if (formers.length !== freshes.length) {
      throw commonError(
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
        throw commonError(
          `The range of partition ${former.name} and temporary partition ${fresh.name} are not the same`,
        );
      const own = fresh.name;
      await replacePartition(context.cluster, table, former, fresh);
      if (useTempName) context.cluster.catalog.renamePartition(fresh, own);
    }
  };
}

function required(partition: Partition | undefined, name: string): Partition {
  if (!partition) throw commonError(`Partition[${name}] does not exist`);
  return partition;
}
