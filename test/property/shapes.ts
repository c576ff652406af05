/** What a table is made of. All have the columns `id`, `d` (what partitions are made by) and `v`. */
export interface Shape {
  readonly partitioning:
    | "range"
    | "dynamic range"
    | "list"
    | "date_trunc"
    | "automatic list"
    | "day and column"
    | "none";
  readonly model: "DUPLICATE" | "PRIMARY" | "AGGREGATE";
  /** `numbered`: loads leave the ids to StarRocks. `generated`: a column is computed from `v`. */
  readonly filled?: "numbered" | "generated";
}

export const shapes: readonly Shape[] = [
  ...(["range", "dynamic range", "list", "date_trunc", "automatic list", "none"] as const).flatMap(
    (partitioning) =>
      (["DUPLICATE", "PRIMARY", "AGGREGATE"] as const).map((model) => ({ partitioning, model })),
  ),
  { partitioning: "day and column", model: "DUPLICATE" },
  { partitioning: "range", model: "PRIMARY", filled: "numbered" },
  { partitioning: "automatic list", model: "PRIMARY", filled: "numbered" },
  { partitioning: "range", model: "DUPLICATE", filled: "generated" },
  { partitioning: "date_trunc", model: "PRIMARY", filled: "generated" },
];

/** Partition values are numbered, so that a step of a history can name one for any kind of table. */
export const keys = [1, 2, 3, 4, 5] as const;

/** Whether partitions are named and made by hand. */
export function isManual(shape: Shape): boolean {
  return shape.partitioning === "range" || shape.partitioning === "list";
}

/** Whether loads make the partitions. */
export function isAutomatic(shape: Shape): boolean {
  return ["date_trunc", "automatic list", "day and column"].includes(shape.partitioning);
}

/** The value of `d` with which rows come into the partition of a key. */
export function keyValue(shape: Shape, key: number): string {
  const byValue = shape.partitioning === "list" || shape.partitioning === "automatic list";
  return byValue ? `k${key}` : `2025-01-0${key}`;
}

/**
 * The key a partition is for, from what `partitions_meta` says of its values; 0 for one without values, one merged from
 * several, and those a dynamic table has for the days to come.
 */
export function keyOf(partitionValue: string): number {
  if (partitionValue.includes("2025-02-01")) return 0;
  return Number(/2025-01-0(\d)|k(\d)/.exec(partitionValue)?.slice(1).join("") ?? 0);
}

/** `VALUES …` of the partition of a key. */
export function partitionValues(shape: Shape, key: number): string {
  return shape.partitioning !== "list"
    ? `VALUES [("2025-01-0${key}"), ("2025-01-0${key + 1}"))`
    : `VALUES IN ("k${key}")`;
}

export function createStatement(table: string, shape: Shape, initial: readonly number[]): string {
  const d = keyValue(shape, 1).startsWith("k") ? "VARCHAR(10)" : "DATE";
  const sum = shape.model === "AGGREGATE" ? " SUM" : "";
  const number = shape.filled === "numbered" ? " AUTO_INCREMENT" : "";
  const more = moreColumns(shape);
  return `CREATE TABLE ${table} (id BIGINT NOT NULL${number}, d ${d} NOT NULL, v BIGINT${sum}${more}) ${shape.model} KEY (id, d)
    ${partitionBy(shape, initial)} DISTRIBUTED BY HASH (id) BUCKETS 1
    PROPERTIES ("replication_num" = "1"${shape.partitioning === "dynamic range" ? window : ""})`;
}

function moreColumns({ partitioning, filled }: Shape): string {
  if (partitioning === "day and column") return ', c VARCHAR(2) NOT NULL DEFAULT "us"';
  return filled === "generated" ? ", w BIGINT AS (v * 2 + 1)" : "";
}

/** Reaches back beyond all keys, so that what comes and goes by itself is empty. */
const window =
  ', "dynamic_partition.time_unit" = "DAY", "dynamic_partition.start" = "-50000", "dynamic_partition.end" = "1"';

function partitionBy(shape: Shape, initial: readonly number[]): string {
  const partitions = initial.map((key) => `PARTITION p${key} ${partitionValues(shape, key)}`).join(", ");
  switch (shape.partitioning) {
    case "range":
    case "dynamic range":
      return `PARTITION BY RANGE (d) (${partitions})`;
    case "list":
      return `PARTITION BY LIST (d) (${partitions})`;
    case "date_trunc":
      return "PARTITION BY date_trunc('day', d)";
    case "automatic list":
      return "PARTITION BY (d)";
    case "day and column":
      return "PARTITION BY date_trunc('day', d), c";
    case "none":
      return "";
  }
}
