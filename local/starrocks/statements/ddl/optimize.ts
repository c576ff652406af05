import { analysisError, unsupported } from "../../basics/errors.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { checkNormal } from "../../engine/table-state.ts";
import type { NamedValues, Partition, Table } from "../../metadata/model.ts";
import { isShadow } from "../../metadata/partition-text.ts";
import { parseDistributedBy } from "../../sql/create-table.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { publishVersion, recount } from "../../storage/apply.ts";
import { newPartition, physicalIds } from "../../storage/partitions.ts";
import { dataTable, inPartitions, partitionColumn } from "../../storage/rows.ts";
import type { Clause } from "./clause.ts";

/** After `ALTER TABLE t`: `DISTRIBUTED BY …` writes all partitions anew, under new ids (§9.5). */
export function redistribute(tokens: Tokens): Clause {
  const by = parseDistributedBy(tokens);
  if (!by) throw tokens.unexpected("DISTRIBUTED");
  return async ({ cluster }, table: Table) => {
    checkNormal(table);
    if (table.partitioning.kind !== "none" && cluster.catalog.partitions(table.id).temporary().length > 0)
      throw unsupported("DISTRIBUTED BY of a table with temporary partitions");
    for (const name of by.columns)
      if (!table.columns.some((column) => column.name.toLowerCase() === name.toLowerCase()))
        throw analysisError(`Distribution column(${name}) doesn't exist.`);
    cluster.catalog.touch("relation", table.id);
    table.distribution = {
      kind: by.kind,
      columns: by.columns,
      buckets: by.buckets || table.distribution.buckets,
    };
    const formers = cluster.catalog.partitions(table.id).normal();
    for (const former of formers.filter((one) => !isShadow(one)))
      await rewriteInto(cluster, table, [former], { ...former, ifNotExists: false });
  };
}

/** A new partition with the rows of former ones, which are gone. */
export async function rewriteInto(
  cluster: Cluster,
  table: Table,
  formers: readonly Partition[],
  values: NamedValues,
): Promise<void> {
  for (const former of formers) cluster.catalog.removePartition(former);
  const fresh = newPartition(cluster, table, values);
  await cluster.duck.run(
    `UPDATE ${dataTable(table)} SET ${partitionColumn} = ${fresh.physical[0]?.id} WHERE ${inPartitions(physicalIds(formers))}`,
  );
  if (formers.some(({ physical }) => physical.some(({ rows }) => rows > 0)))
    publishVersion(cluster, [fresh], cluster.now());
  await recount(cluster, table, [fresh]);
}
