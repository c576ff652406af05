import { SqlError } from "../basics/errors.ts";
import { buildVersion } from "../basics/versions.ts";
import type { Cluster } from "./cluster.ts";
import type { Session } from "./session.ts";

/** Session variables clients set or ask for, with StarRocks' defaults (§15). */
export const defaultVariables: Readonly<Record<string, string>> = {
  time_zone: "UTC",
  system_time_zone: "UTC",
  autocommit: "1",
  query_timeout: "300",
  insert_timeout: "14400",
  wait_timeout: "28800",
  interactive_timeout: "3600",
  net_read_timeout: "60",
  net_write_timeout: "60",
  net_buffer_length: "16384",
  max_allowed_packet: "33554432",
  parse_tokens_limit: "3500000",
  expr_children_limit: "10000",
  sql_mode: "ONLY_FULL_GROUP_BY",
  sql_select_limit: "9223372036854775807",
  sql_safe_updates: "0",
  sql_auto_is_null: "0",
  catalog: "default_catalog",
  character_set_client: "utf8",
  character_set_connection: "utf8",
  character_set_results: "utf8",
  character_set_server: "utf8",
  character_set_database: "utf8",
  collation_connection: "utf8_general_ci",
  collation_server: "utf8_general_ci",
  collation_database: "utf8_general_ci",
  init_connect: "",
  license: "Apache License, Version 2.0",
  lower_case_table_names: "0",
  performance_schema: "0",
  query_cache_size: "1048576",
  query_cache_type: "0",
  tx_isolation: "REPEATABLE-READ",
  transaction_isolation: "REPEATABLE-READ",
  tx_read_only: "0",
  transaction_read_only: "0",
  auto_increment_increment: "1",
  language: "/starrocks/share/english/",
  version: "8.0.33",
  port: "9030",
  foreign_key_checks: "1",
  unique_checks: "1",
  profiling: "0",
  pipeline_dop: "0",
  parallel_fragment_exec_instance_num: "1",
  query_mem_limit: "0",
  exec_mem_limit: "2147483648",
  enable_profile: "false",
  enable_insert_strict: "true",
  insert_max_filter_ratio: "0.0",
  dynamic_overwrite: "false",
  enable_query_cache: "false",
  activate_all_roles_on_login: "false",
  enable_load_profile: "false",
  enable_sql_digest: "false",
};

const unknownVariable = (name: string): SqlError =>
  new SqlError(`Unknown system variable '${name}'`, 1193, "HY000");

const bare = (name: string): string =>
  name
    .replace(/^@@/, "")
    .replace(/^(?:session|global|local)\./i, "")
    .toLowerCase();

export function readVariable(name: string, session: Session, cluster: Cluster): string {
  const key = bare(name);
  // Without a scope a variable is the session's (§15).
  if (/^@@global\./i.test(name)) return globalVariable(key, cluster);
  if (key === "version_comment")
    return `StarRocks version ${buildVersion(cluster.options.version).split(" ")[0]}`;
  if (key === "time_zone") return session.zone;
  const value = session.variables.get(key) ?? defaultVariables[key];
  if (value === undefined) throw unknownVariable(key);
  return value;
}

function globalVariable(key: string, cluster: Cluster): string {
  const value = cluster.globalVariables.get(key) ?? defaultVariables[key];
  if (value === undefined) throw unknownVariable(key);
  return value;
}

export function checkVariable(name: string): string {
  const key = bare(name);
  if (defaultVariables[key] === undefined) throw unknownVariable(key);
  return key;
}
