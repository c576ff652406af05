import { analysisError, ddlError, SqlError, unsupported } from "../../basics/errors.ts";
import type { Column, StorageMedium } from "../../metadata/model.ts";
import { parsePeriod } from "../../metadata/partition-life.ts";
import { plainTypeText } from "../../metadata/type-names.ts";
import type { KeysType } from "../../sql/create-table.ts";

type Properties = Readonly<Record<string, string>>;

/** Kept as they are given. */
const kept = new Set([
  "replication_num",
  "bloom_filter_columns",
  "bloom_filter_fpp",
  "storage_medium",
  "storage_cooldown_time",
  "storage_cooldown_ttl",
  "colocate_with",
  "enable_persistent_index",
  "persistent_index_type",
  "compression",
  "replicated_storage",
  "fast_schema_evolution",
  "in_memory",
  "light_schema_change",
  "partition_live_number",
  "partition_ttl",
  "bucket_size",
  "write_quorum",
  "labels.location",
  "storage_format",
  "base_compaction_forbidden_time_ranges",
]);

/** StarRocks' own, and nothing here. */
const unmodelled =
  /^(binlog|flat_json|datacache)\.|^(unique_constraints|foreign_key_constraints|primary_index_cache_expire_sec|mutable_bucket_num|enable_load_profile|enable_statistic_collect_on_first_load|partition_retention_condition|time_drift_constraint|compaction_strategy|file_bundling|short_key|storage_type|distribution_type|storage_volume|enable_async_write_back|cloud_native_fast_schema_evolution_v2)$/;

const listed = (properties: Properties): string =>
  `{${Object.entries(properties)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ")}}`;

/** Of CREATE TABLE, all but those of dynamic partitioning. */
export function checkTableProperties(
  given: Properties,
  columns: readonly Column[],
  keysType: KeysType,
): void {
  const known = Object.fromEntries(
    Object.entries(given).filter(([key]) => !key.startsWith("dynamic_partition.")),
  );
  const unknown = Object.fromEntries(Object.entries(known).filter(([key]) => !kept.has(key)));
  for (const key of Object.keys(unknown))
    if (unmodelled.test(key)) throw unsupported(`Table property ${key}`);
  if (Object.keys(unknown).length > 0) throw ddlError(`Unknown properties: ${listed(unknown)}`);
  checkBloomFilter(known, columns, keysType);
  for (const [key, value] of Object.entries(known)) checkValue(key, value);
}

const compressions =
  /^(no_compression|default_compression|none|snappy|lz4|lz4_frame|zlib|zstd|zstd\(\s*([1-9]|1\d|2[0-2])\s*\)|gzip|deflate|bzip2|brotli)$/i;

/** As the FE writes it. */
export function storageMedium(text: string): StorageMedium {
  const medium = (["HDD", "SSD"] as const).find((one) => one === text.toUpperCase());
  if (!medium) throw ddlError(`Invalid storage medium: ${text}`);
  return medium;
}

/** Values that stand for themselves; what PropertyAnalyzer says of wrong ones. */
function checkValue(key: string, value: string): void {
  if (key === "storage_medium") storageMedium(value);
  if (key === "compression" && !compressions.test(value))
    throw ddlError(`unknown compression type: ${value}`);
  if (key === "write_quorum" && !/^(majority|one|all)$/i.test(value))
    throw ddlError(`unknown write quorum: ${value}`);
  if (key === "persistent_index_type" && !/^(local|cloud_native)$/i.test(value))
    throw ddlError(`Invalid persistent index type: ${value}`);
  if (key === "bucket_size") {
    if (!/^[-+]?\d+$/.test(value)) throw ddlError(`Invalid bucket_size format: ${value}`);
    if (Number(value) < 0) throw ddlError(`Illegal bucket size: ${value}`);
  }
  checkLife(key, value);
}

function checkLife(key: string, value: string): void {
  if (key === "partition_live_number") checkLiveNumber(value);
  // An exception of the parser that nobody wraps.
  if (key === "partition_ttl" && !parsePeriod(value)) throw new SqlError("Cannot parse text to Duration");
}

function checkLiveNumber(value: string): void {
  if (!/^[-+]?\d{1,9}$/.test(value))
    throw analysisError(`Partition Live Number: For input string: "${value}"`);
  if (Number(value) <= 0 && Number(value) !== -1)
    throw analysisError(`Illegal Partition Live Number: ${value}`);
}

const withoutBloomFilter = /^(BOOLEAN|TINYINT|FLOAT|DOUBLE|DECIMAL|JSON|VARBINARY|ARRAY)$/;

function checkBloomFilterColumn(name: string, column: Column, keysType: KeysType): void {
  if (withoutBloomFilter.test(column.type.name))
    throw ddlError(`Invalid bloom filter column '${name}': unsupported type ${plainTypeText(column.type)}`);
  if (!column.key && keysType !== "DUPLICATE" && keysType !== "PRIMARY")
    throw ddlError(
      `Bloom filter index only used in columns of DUP_KEYS/PRIMARY table or key columns of UNIQUE_KEYS/AGG_KEYS table. invalid column: ${name}`,
    );
}

export function checkBloomFilter(
  properties: Properties,
  columns: readonly Column[],
  keysType: KeysType,
): void {
  const seen = new Set<string>();
  for (const part of (properties["bloom_filter_columns"] ?? "").split(",")) {
    const name = part.trim();
    if (name === "") continue;
    const column = columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!column) throw ddlError(`Invalid bloom filter column '${name}': not exists`);
    checkBloomFilterColumn(name, column, keysType);
    if (seen.has(name)) throw ddlError(`Duplicate bloom filter column '${name}'`);
    seen.add(name);
  }
  const fpp = properties["bloom_filter_fpp"];
  if (fpp !== undefined) checkFalsePositives(fpp);
}

/** The rate of false positives a bloom filter may have. */
function checkFalsePositives(fpp: string): void {
  if (fpp.trim() === "" || Number.isNaN(Number(fpp))) throw analysisError("Bloom filter fpp is not Double");
  if (Number(fpp) < 0.0001 || Number(fpp) > 0.05)
    throw analysisError("Bloom filter fpp should in [1.0E-4, 0.05]");
}

const boolean = /^(true|false)$/i;

/** Of ALTER TABLE SET: one at a time, each by its own rule; the name it is kept under. */
export function checkChanged(properties: Properties, columns: readonly Column[], keysType: KeysType): string {
  const refuse = (text: string) => analysisError(text, 5064, "42000");
  const [[key, value] = ["", ""], ...more] = Object.entries(properties);
  if (more.length > 0) throw refuse("Can only set one table property at a time");
  switch (key) {
    case "colocate_with":
    case "labels.location":
    case "storage_cooldown_ttl":
    case "in_memory":
      return key;
    case "bloom_filter_columns":
    case "bloom_filter_fpp":
      checkBloomFilter(properties, columns, keysType);
      return key;
    case "default.storage_medium":
      checkValue("storage_medium", value);
      return "storage_medium";
    case "partition_live_number":
    case "partition_ttl":
    case "bucket_size":
      checkValue(key, value);
      return key;
    case "write_quorum":
      if (!/^(majority|one|all)$/i.test(value)) throw refuse("Property write_quorum not valid");
      return key;
    case "enable_persistent_index":
    case "replicated_storage":
      if (!boolean.test(value)) throw refuse(`Property ${key} must be bool type(false/true)`);
      return key;
    case "persistent_index_type":
      if (!/^(local|cloud_native)$/i.test(value))
        throw refuse("Property persistent_index_type must be CLOUD_NATIVE or LOCAL");
      return key;
    case "base_compaction_forbidden_time_ranges":
      if (keysType === "PRIMARY")
        throw refuse(`Property ${key} not support primary keys table or cloud native table`);
      return key;
    default:
      if (unmodelled.test(key)) throw unsupported(`ALTER TABLE SET ("${key}" = …)`);
      throw refuse(`Unknown properties: ${listed(properties)}`);
  }
}
