import { analysisError, SqlError, unsupported } from "../../basics/errors.ts";
import type { Context } from "../../engine/context.ts";
import { checkNormal } from "../../engine/table-state.ts";
import { expandDefinitions } from "../../metadata/definitions.ts";
import type { Partition, Table } from "../../metadata/model.ts";
import { partitionColumnTypes } from "../../metadata/partition-text.ts";
import { type DistributedBy, parseDistributedBy, parseProperties } from "../../sql/create-table.ts";
import { type PartitionDefinition, parsePartitionDefinition } from "../../sql/partition-by.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { newPartition } from "../../storage/partitions.ts";
import { partitionProperties } from "./alter-properties.ts";
import { checkAddedByHand } from "./automatic-rules.ts";
import type { Clause } from "./clause.ts";
import { checkNewListValues, checkNotDynamic, checkPartitionName, checkRanges } from "./partition-rules.ts";

/** After `ADD`: `[TEMPORARY] PARTITION[S] …`. */
export function addPartitions(tokens: Tokens): Clause {
  const temporary = tokens.accept("TEMPORARY");
  tokens.accept("PARTITIONS");
  const definition = parsePartitionDefinition(tokens);
  const own = tokens.isOperator("(") ? parseProperties(tokens) : {};
  const distribution = parseDistributedBy(tokens);
  const common = tokens.accept("PROPERTIES") ? parseProperties(tokens) : {};
  return async (context, table) => {
    checkNormal(table);
    if (distribution) checkSameDistribution(table, distribution);
    if (table.partitioning.kind === "none")
      throw analysisError("Only support adding partition to range/list partitioned table");
    checkKind(table.partitioning.kind, definition);
    checkAddedByHand(table, definition);
    if (!temporary) checkNotDynamic(table);
    const changed = partitionProperties(context, { ...common, ...own });
    for (const partition of addTo(context, table, definition, temporary)) {
      if (distribution?.buckets) partition.buckets = distribution.buckets;
      Object.assign(partition, changed);
    }
  };
}

function addTo(
  context: Context,
  table: Table,
  definition: PartitionDefinition,
  temporary: boolean,
): Partition[] {
  const set = context.cluster.catalog.partitions(table.id);
  const same = temporary ? set.temporary() : set.normal();
  const types = partitionColumnTypes(table);
  const named = expandDefinitions([definition], types, same, { refuse: analysisError, temporary });
  const fresh = named.filter(({ name, ifNotExists }) => {
    checkPartitionName(name);
    const existing = set.get(name, false) ?? set.get(name, true);
    if (existing && !ifNotExists) throw analysisError(`Duplicate partition name ${name}`, 1517);
    return !existing;
  });
  checkRanges(table, fresh, same, analysisError);
  for (const values of fresh) checkNewListValues(values, same);
  return fresh.map((values) => newPartition(context.cluster, table, values, temporary));
}

function checkKind(kind: "range" | "list", definition: PartitionDefinition): void {
  const list = definition.kind === "in";
  if (kind === "list" && !list)
    throw new SqlError(
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
