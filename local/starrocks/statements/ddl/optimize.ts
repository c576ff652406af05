import { analysisError, unsupported } from "../../basics/errors.ts";
import { checkNormal } from "../../engine/table-state.ts";
import type { Table } from "../../metadata/model.ts";
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
    for (const former of formers.filter((one) => !isShadow(one))) {
      cluster.catalog.removePartition(former);
      const fresh = newPartition(cluster, table, { ...former, ifNotExists: false });
      await cluster.duck.run(
        `UPDATE ${dataTable(table)} SET ${partitionColumn} = ${fresh.physical[0]?.id} WHERE ${inPartitions(physicalIds([former]))}`,
      );
      if (former.physical.some((physical) => physical.rows > 0))
        publishVersion(cluster, [fresh], cluster.now());
      await recount(cluster, table, [fresh]);
    }
  };
}
