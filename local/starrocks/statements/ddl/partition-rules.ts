import { analysisError, type SqlError } from "../../basics/errors.ts";
import type { Refuse } from "../../metadata/definitions.ts";
import { isDynamic } from "../../metadata/dynamic-partition.ts";
import type { NamedValues, Partition, PartitionValues, Table } from "../../metadata/model.ts";
import { partitionColumns, partitionColumnTypes, partitionValueText } from "../../metadata/partition-text.ts";
import { compareBound, rangesOverlap } from "../../metadata/ranges.ts";
import type { PartitionDefinition } from "../../sql/partition-by.ts";

const partitionName = /^[a-zA-Z]\w{0,63}$|^_[a-zA-Z0-9]\w{0,62}$/;

/** §10 */
export function checkPartitionName(name: string): void {
  if (!partitionName.test(name)) throw analysisError(`Incorrect partition name '${name}'`, 1567);
}

/** Of CREATE TABLE: names in any case (§10), and one way to bound ranges. */
export function checkDefinitions(
  definitions: readonly PartitionDefinition[],
  named: readonly NamedValues[],
): void {
  const seen = new Set<string>();
  for (const { name } of named) {
    checkPartitionName(name);
    if (seen.has(name.toLowerCase())) throw analysisError(`Duplicated partition name: ${name}`);
    seen.add(name.toLowerCase());
  }
  const lessThan = definitions.filter(({ kind }) => kind === "less-than").length;
  if (lessThan > 0 && lessThan < definitions.length)
    throw analysisError("You can only use one of these methods to create partitions");
}

/** Of CREATE TABLE: list values once each, and NULL only where the column takes it. */
export function checkListValues(table: Table, named: readonly NamedValues[]): void {
  const seen = new Set<string>();
  const columns = partitionColumns(table);
  for (const { name, values } of named) {
    if (values.kind !== "list") continue;
    for (const item of values.items) {
      // NULL and the text NULL count as one here, and as two when they are added later.
      const key = JSON.stringify(item.map((value) => value ?? "NULL"));
      if (seen.has(key)) throw duplicatedValue(item, values.multi);
      seen.add(key);
      const missing = columns.find((column, index) => item[index] === null && !isNullable(table, column));
      if (missing !== undefined)
        throw analysisError(
          `Partition column[${missing}] could not be null but contains null value in partition[${name}]`,
        );
    }
  }
}

const duplicatedValue = (item: readonly (string | null)[], multi: boolean): SqlError =>
  analysisError(
    multi
      ? `Duplicate values (${item.map((value) => `"${value}"`).join(",")}) not allow`
      : `Duplicated value ${item[0] ?? "NULL"}`,
  );

const isNullable = (table: Table, name: string): boolean =>
  table.columns.some((column) => column.nullable && column.name.toLowerCase() === name.toLowerCase());

/** Of ADD PARTITION: a value belongs to one partition of a sort. */
export function checkNewListValues(named: NamedValues, others: readonly Partition[]): void {
  if (named.values.kind !== "list") return;
  const itemsOf = (values: PartitionValues) => (values.kind === "list" ? values.items : []);
  const taken = new Set(others.flatMap(({ values }) => itemsOf(values)).map((item) => JSON.stringify(item)));
  if (named.values.items.some((item) => taken.has(JSON.stringify(item))))
    throw analysisError(`Duplicate partition values exist for partition: ${named.name}`);
}

/** Ranges must not overlap among partitions of a sort: those there and those to come, in one sorted pass. */
export function checkRanges(
  table: Table,
  named: readonly NamedValues[],
  others: readonly Partition[],
  refuse: Refuse,
): void {
  const types = partitionColumnTypes(table);
  const known = others.map(({ values }) => ({ values, fresh: false }));
  const sorted = [...known, ...named.map(({ values }) => ({ values, fresh: true }))]
    .flatMap(({ values, fresh }) => (values.kind === "range" ? [{ values, fresh }] : []))
    // The empty range of an automatic table's shadow partition overlaps nothing.
    .filter(({ values }) => compareBound(values.lower, values.upper, types) < 0)
    .sort((a, b) => compareBound(a.values.lower, b.values.lower, types));
  for (const [index, one] of sorted.entries()) {
    const next = sorted[index + 1];
    if (!next || !rangesOverlap(one.values, next.values, types)) continue;
    const [fresh, other] = next.fresh ? [next, one] : [one, next];
    throw intersection(table, fresh.values, other.values, refuse);
  }
}

const intersection = (table: Table, a: PartitionValues, b: PartitionValues, refuse: Refuse): SqlError =>
  refuse(`Range ${partitionValueText(table, a)} is intersected with range: ${partitionValueText(table, b)}`);

/** §21.1: the scheduler's partitions are nobody else's. */
export function checkNotDynamic(table: Table): void {
  if (isDynamic(table))
    throw analysisError(
      'Cannot add/drop partition on a Dynamic Partition Table, Use command `ALTER TABLE tbl_name SET ("dynamic_partition.enable" = "false")` firstly.',
    );
}
