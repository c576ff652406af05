import { timeText } from "../../basics/clock.ts";
import { unsupported } from "../../basics/errors.ts";
import { type Cell, type Result, textRows } from "../../basics/result.ts";
import { atLeast } from "../../basics/versions.ts";
import { requireAny } from "../../engine/access.ts";
import { type Context, findTable } from "../../engine/context.ts";
import { isSet } from "../../engine/frontend-config.ts";
import { showZone } from "../../engine/show-zone.ts";
import type { Partition, PhysicalPartition, Table } from "../../metadata/model.ts";
import {
  isShadow,
  partitionColumns,
  partitionColumnTypes,
  partitionValueText,
} from "../../metadata/partition-text.ts";
import { compareBound } from "../../metadata/ranges.ts";
import { likePattern } from "../../sql/like.ts";
import type { Tokens } from "../../sql/tokens.ts";

export const sizeText = (bytes: number): string => {
  if (bytes < 1024) return `${bytes}B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)}KB` : `${(bytes / 1024 ** 2).toFixed(1)}MB`;
};

type Line = Readonly<{ table: Table; partition: Partition; physical: PhysicalPartition; zone: string }>;
type Field = readonly [name: string, value: (line: Line) => Cell];

/** What all replicas take together (§9.1). */
const allReplicas = ({ partition, physical }: Line): number => physical.bytes * partition.replicationNum;

/** §9.2, by version. */
function fields(table: Table, context: Context): Field[] {
  const { version } = context.cluster.options;
  const since = (wanted: "3.5" | "4.0", field: Field): Field[] => (atLeast(version, wanted) ? [field] : []);
  return [
    ["PartitionId", ({ physical }) => String(physical.id)],
    ["PartitionName", ({ partition }) => partition.name],
    ["VisibleVersion", ({ physical }) => String(physical.visibleVersion)],
    ["VisibleVersionTime", ({ physical, zone }) => timeText(physical.visibleVersionTime, zone)],
    ["VisibleVersionHash", () => "0"],
    ["State", ({ table: { state } }) => state],
    ["PartitionKey", () => partitionColumns(table).join(", ")],
    [
      table.partitioning.kind === "list" ? "List" : "Range",
      ({ partition }) => partitionValueText(table, partition.values),
    ],
    [
      "DistributionKey",
      () => (table.distribution.kind === "HASH" ? table.distribution.columns.join(", ") : "ALL KEY"),
    ],
    ["Buckets", ({ partition }) => String(partition.buckets)],
    ["ReplicationNum", ({ partition }) => String(partition.replicationNum)],
    ["StorageMedium", ({ partition }) => partition.storageMedium ?? "HDD"],
    ["CooldownTime", () => "9999-12-31 23:59:59"],
    ["LastConsistencyCheckTime", () => null],
    ["DataSize", (line) => sizeText(allReplicas(line))],
    ...since("3.5", ["StorageSize", (line) => sizeText(allReplicas(line))]),
    ["IsInMemory", () => "false"],
    ["RowCount", ({ physical }) => String(physical.rows)],
    ...since("3.5", ["DataVersion", ({ physical }) => String(physical.dataVersion)]),
    ...since("3.5", ["VersionEpoch", ({ physical }) => physical.versionEpoch]),
    ...since("3.5", ["VersionTxnType", ({ physical }) => physical.txnType]),
    ...since("4.0", ["TabletBalanced", () => "true"]),
  ];
}

/** After `SHOW [TEMPORARY] PARTITIONS`. The hidden automatic partition is not listed. */
export async function showPartitions(tokens: Tokens, context: Context, temporary: boolean): Promise<Result> {
  tokens.acceptAny("FROM", "IN");
  const { table } = findTable(context, tokens.qualifiedName());
  requireAny(context, table);
  const wanted = parseWhere(tokens);
  const order = tokens.accept("ORDER", "BY") ? tokens.identifier() : undefined;
  const descending = order !== undefined && tokens.acceptAny("ASC", "DESC") === "DESC";
  const limit = tokens.accept("LIMIT") ? tokens.integer() : undefined;
  tokens.expectEnd();
  const set = context.cluster.catalog.partitions(table.id);
  const columns = fields(table, context);
  const types = partitionColumnTypes(table);
  const zone = showZone(context.cluster, context.session.zone);
  const shadows = isSet(context.cluster, "enable_display_shadow_partitions");
  const lines = (temporary ? set.temporary() : set.normal())
    .sort((a, b) =>
      a.values.kind === "range" && b.values.kind === "range"
        ? compareBound(a.values.lower, b.values.lower, types)
        : a.id - b.id,
    )
    .filter((partition) => (shadows || !isShadow(partition)) && wanted(partition.name))
    .flatMap((partition) => partition.physical.map((physical) => ({ table, partition, physical, zone })));
  let rows = lines.map((line) => columns.map(([, value]) => value(line)));
  if (order !== undefined) {
    const index = columns.findIndex(([name]) => name.toLowerCase() === order.toLowerCase());
    if (index < 0) throw unsupported(`ORDER BY ${order} in SHOW PARTITIONS`);
    rows = rows.sort((a, b) => compare(a[index], b[index]) * (descending ? -1 : 1));
  }
  return textRows(
    columns.map(([name]) => name),
    limit === undefined ? rows : rows.slice(0, limit),
  );
}

function compare(a: Cell | undefined, b: Cell | undefined): number {
  const [left, right] = [String(a ?? ""), String(b ?? "")];
  if (/^\d+$/.test(left) && /^\d+$/.test(right)) return Number(left) - Number(right);
  return left < right ? -1 : left > right ? 1 : 0;
}

function parseWhere(tokens: Tokens): (name: string) => boolean {
  if (!tokens.accept("WHERE")) return () => true;
  if (tokens.identifier().toLowerCase() !== "partitionname")
    throw unsupported("SHOW PARTITIONS WHERE on another column than PartitionName");
  if (tokens.accept("LIKE")) return likePattern(tokens.string());
  tokens.expectOperator("=");
  const name = tokens.string();
  return (one) => one === name;
}
