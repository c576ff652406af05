import { analysisError, ddlError, SqlError } from "../../basics/errors.ts";
import type { Context } from "../../engine/context.ts";
import { checkNormal } from "../../engine/table-state.ts";
import { followWindow } from "../../jobs/partition-scheduler.ts";
import type { Partition, Table } from "../../metadata/model.ts";
import { isShadow } from "../../metadata/partition-text.ts";
import { parseProperties } from "../../sql/create-table.ts";
import type { Tokens } from "../../sql/tokens.ts";
import type { Clause } from "./clause.ts";
import { changedWindow } from "./dynamic-properties.ts";
import { changedReplication } from "./replication.ts";
import { checkChanged, storageMedium } from "./table-properties.ts";

/** After `SET`. */
export function setProperties(tokens: Tokens): Clause {
  const properties = parseProperties(tokens);
  return async (context, table) => {
    checkNormal(table);
    const [first = ""] = Object.keys(properties);
    if (Object.keys(properties).every((key) => key.startsWith("dynamic_partition.")))
      return setWindow(context, table, properties);
    if (first === "replication_num" || first === "default.replication_num") {
      if (Object.keys(properties).length > 1)
        throw analysisError("Can only set one table property at a time", 5064, "42000");
      return setReplication(context, table, first, properties[first] ?? "");
    }
    const key = checkChanged(properties, table.columns, table.keysType);
    if (table.partitioning.kind !== "range") checkLifeAllowed(table, key);
    context.cluster.catalog.touch("relation", table.id);
    table.properties[key] = properties[first] ?? "";
  };
}

/** The scheduler goes by the new window at once (§21.5). */
async function setWindow(
  { cluster }: Context,
  table: Table,
  properties: Readonly<Record<string, string>>,
): Promise<void> {
  const database = cluster.catalog.databaseById(table.dbId);
  const window = changedWindow(properties, table, `${database?.name}.${table.name}`);
  const others = Object.entries(table.properties).filter(([key]) => !key.startsWith("dynamic_partition."));
  cluster.catalog.touch("relation", table.id);
  table.properties = { ...Object.fromEntries(others), ...window };
  await followWindow(cluster, table);
}

function checkLifeAllowed({ name }: Table, key: string): void {
  const what = { partition_live_number: "partition live number", partition_ttl: "partition ttl" }[key];
  if (what) throw new SqlError(`Table[${name}] is not range partitioned. no need to set ${what}.`);
}

/** The default is for partitions to come; without that word, it is for the only partition of a table that has one. */
function setReplication({ cluster }: Context, table: Table, key: string, text: string): void {
  const wanted = changedReplication(text, cluster.aliveBackends());
  if (key === "replication_num") {
    if (table.partitioning.kind === "range")
      throw ddlError(
        "This is a range partitioned table, you should specify partitions with MODIFY PARTITION clause. If you want to set default replication number, please use 'default.replication_num' instead of 'replication_num' to escape misleading.",
      );
    const only = cluster.catalog.partitions(table.id).get(table.name);
    if (!only) throw ddlError(`Partition does not exist. name: ${table.name}`);
    only.replicationNum = wanted;
    cluster.catalog.touch("partition", only.id);
  }
  table.replicationNum = wanted;
  cluster.catalog.touch("relation", table.id);
}

const partitionKeys = new Set([
  "replication_num",
  "storage_medium",
  "storage_cooldown_time",
  "storage_cooldown_ttl",
  "in_memory",
]);

/** What ADD PARTITION and MODIFY PARTITION give partitions of their own. */
export function partitionProperties(
  { cluster }: Context,
  properties: Readonly<Record<string, string>>,
): Partial<Pick<Partition, "replicationNum" | "storageMedium">> {
  const other = Object.keys(properties).find((key) => !partitionKeys.has(key));
  if (other !== undefined) throw analysisError(`Unknown properties: {${other}=${properties[other]}}`);
  const { replication_num: replicationNum, storage_medium: medium } = properties;
  return {
    ...(replicationNum !== undefined && {
      replicationNum: changedReplication(replicationNum, cluster.aliveBackends()),
    }),
    ...(medium !== undefined && { storageMedium: storageMedium(medium) }),
  };
}

/** After `MODIFY PARTITION`: `p`, `(p, …)` or `(*)`, then `SET (…)`. */
export function modifyPartitions(tokens: Tokens): Clause {
  const names = parseNames(tokens);
  tokens.expect("SET");
  const properties = parseProperties(tokens);
  return async (context, table) => {
    checkNormal(table);
    const { catalog } = context.cluster;
    const changed = partitionProperties(context, properties);
    const chosen = chosenPartitions(context, table, names);
    for (const partition of chosen) {
      catalog.touch("partition", partition.id);
      Object.assign(partition, changed);
    }
  };
}

function parseNames(tokens: Tokens): readonly string[] | "all" {
  if (!tokens.isOperator("(")) return [tokens.identifier()];
  return tokens.parenthesised(() =>
    tokens.acceptOperator("*") ? "all" : tokens.list(() => tokens.identifier()),
  );
}

function chosenPartitions({ cluster }: Context, table: Table, names: readonly string[] | "all"): Partition[] {
  const set = cluster.catalog.partitions(table.id);
  if (names === "all") return set.normal().filter((partition) => !isShadow(partition));
  return names.map((name) => {
    const partition = set.get(name);
    if (!partition) throw ddlError(`Partition[${name}] does not exist in table[${table.name}]`);
    return partition;
  });
}
