import { SqlError, unsupported } from "../basics/errors.ts";
import type { Cluster } from "./cluster.ts";

/** FE configs a backup tool asks for (§2.6, §16), with their defaults. */
export const config: Readonly<Record<string, readonly [value: string, type: string]>> = {
  run_mode: ["shared_nothing", "string"],
  default_replication_num: ["3", "short"],
  backup_job_default_timeout_ms: ["86400000", "int"],
  history_job_keep_max_second: ["604800", "int"],
  label_keep_max_second: ["259200", "int"],
  label_keep_max_num: ["1000", "int"],
  label_clean_interval_second: ["14400", "int"],
  max_upload_task_per_be: ["0", "int"],
  max_download_task_per_be: ["0", "int"],
  enable_backup_materialized_view: ["false", "boolean"],
  enable_colocate_restore: ["false", "boolean"],
  enable_display_shadow_partitions: ["false", "boolean"],
  max_running_txn_num_per_db: ["1000", "int"],
  tablet_stat_update_interval_second: ["300", "int"],
  max_get_partitions_meta_result_count: ["100000", "int"],
  auto_increment_cache_size: ["100000", "int"],
  dynamic_partition_enable: ["true", "boolean"],
  dynamic_partition_check_interval_seconds: ["600", "long"],
  max_dynamic_partition_num: ["500", "int"],
  enable_experimental_mv: ["true", "boolean"],
};

/** Those whose value makes a difference here; setting another one would promise what does not happen. */
const effective = new Set([
  "enable_backup_materialized_view",
  "enable_colocate_restore",
  "enable_display_shadow_partitions",
  "auto_increment_cache_size",
  "dynamic_partition_enable",
  "dynamic_partition_check_interval_seconds",
]);

export const configValue = (cluster: Cluster, key: string): string =>
  cluster.frontendConfig.get(key) ?? config[key]?.[0] ?? "";

export const isSet = (
  cluster: Cluster,
  key:
    | "enable_backup_materialized_view"
    | "enable_colocate_restore"
    | "enable_display_shadow_partitions"
    | "dynamic_partition_enable",
): boolean => configValue(cluster, key) === "true";

/** Of `ADMIN SET FRONTEND CONFIG`: until the FE restarts. */
export function setFrontendConfig(cluster: Cluster, key: string, value: string): void {
  if (key === "run_mode")
    throw new SqlError(`Config '${key}' does not exist or is not mutable`, 5102, "F0000");
  if (!effective.has(key)) throw unsupported(`Setting the config ${key}`);
  const fits = config[key]?.[1] === "boolean" ? /^(true|false)$/i : /^\d{1,9}$/;
  if (!fits.test(value)) throw new SqlError(`Failed to set config '${key}'. err: type mismatch`);
  cluster.frontendConfig.set(key, value.toLowerCase());
}
