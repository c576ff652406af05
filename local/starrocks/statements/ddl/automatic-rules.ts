import { analysisError, SqlError } from "../../basics/errors.ts";
import {
  type Batch,
  type BatchUnit,
  batchDate,
  batchUnit,
  unitStart,
} from "../../metadata/batch-partitions.ts";
import { later } from "../../metadata/calendar.ts";
import type { AutomaticRange, Table } from "../../metadata/model.ts";
import { partitionColumnTypes } from "../../metadata/partition-text.ts";
import { dateText } from "../../metadata/ranges.ts";
import type { PartitionDefinition } from "../../sql/partition-by.ts";

/** Partitions that a load would make may be made before; no others (§21.2). */
export function checkAddedByHand(table: Table, definition: PartitionDefinition): void {
  const { partitioning } = table;
  if (partitioning.kind === "list" && partitioning.automatic && definition.kind === "in") {
    if (definition.items.length > 1)
      throw analysisError(
        "Automatically partitioned tables does not support multiple values in the same partition",
      );
  }
  if (partitioning.kind !== "range" || !partitioning.automatic) return;
  if (definition.kind !== "batch")
    throw analysisError(
      "Currently, you cannot manually add a single range partition to a table that is automatically partition",
    );
  checkBatch(table, partitioning.automatic, definition);
}

function checkBatch(table: Table, { unit, every = 1 }: AutomaticRange, batch: Batch): void {
  if (batch.every > 1) throw analysisError("The step of the auto-partitioned table should be 1");
  if (batch.unit?.toLowerCase() !== unit.toLowerCase())
    throw analysisError(
      `The granularity of the auto-partitioned table granularity(${unit}) should be consistent with the increased partition granularity(${batch.unit}).`,
    );
  if (batch.every !== every)
    throw new SqlError(
      `Step length [${batch.every}] in the operation is not equal to the partition step length [${every}] stored in the table`,
      5701,
      "42000",
    );
  const known = batchUnit(unit);
  const [type = "DATE"] = partitionColumnTypes(table);
  if (known) checkAligned(batch, known, type);
}

const startOf: Readonly<Partial<Record<BatchUnit, string>>> = {
  WEEK: "with start day of week 1",
  MONTH: "with start day of month 1",
};

function checkAligned({ start, end }: Batch, unit: BatchUnit, type: string): void {
  const given = [batchDate(start), batchDate(end)] as const;
  const first = unitStart(given[0], unit);
  const last = unitStart(given[1], unit);
  const standard = [first, first.getTime() === last.getTime() ? later(last, unit, 1) : last] as const;
  if (standard.every((date, index) => date.getTime() === given[index]?.getTime())) return;
  const text = (dates: readonly Date[]) => `[${dates.map((date) => dateText(date, type)).join()})`;
  throw analysisError(
    `Batch build partition range ${text(given)} should be a standard unit of time (${unit}) ${startOf[unit] ?? ""}. suggest range ${text(standard)}If you want to create partial partitions in batch, you can turn off this check by setting the FE config enable_create_partial_partition_in_batch=true`,
  );
}
