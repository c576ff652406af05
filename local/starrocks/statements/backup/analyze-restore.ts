import { analysisErrorAt, commonErrorAnalyzed, noDatabase, unknownDatabase } from "../../basics/errors.ts";
import { atLeast } from "../../basics/versions.ts";
import type { Context } from "../../engine/context.ts";
import type { BackupObject, RestoreStatement } from "./grammar.ts";
import { checkKnown, timeoutMs } from "./properties.ts";

export type RestoreProperties = Readonly<{
  timestamp: string;
  replicationNum: number;
  allowLoad: boolean;
  timeoutMs: number;
}>;

/** The analyzer knows nothing of the repository: that is the handler's (§6.3 1). */
export function analyzeRestore(
  { cluster, session }: Context,
  statement: RestoreStatement,
): RestoreProperties {
  const target = statement.database ?? (statement.objects ? session.database : undefined);
  if (statement.objects && target === undefined) throw noDatabase();
  if (!atLeast(cluster.options.version, "3.5") && target !== undefined && !cluster.catalog.database(target))
    throw unknownDatabase(target);
  checkNames(statement.objects ?? []);
  return analyzeProperties(statement);
}

/** §6.1: an alias may be no table's name of the list, its own included, and no other's alias. */
function checkNames(objects: readonly BackupObject[]): void {
  const named = objects.flatMap((object) => (object.kind === "named" ? [object] : []));
  const taken = new Set<string>();
  for (const { name, span } of named) {
    if (taken.has(name)) throw analysisErrorAt(`Duplicated table: ${name}`, span?.from, span?.to);
    taken.add(name);
  }
  for (const { alias, span } of named) {
    if (alias === undefined) continue;
    if (taken.has(alias)) throw analysisErrorAt(`Duplicated alias name: ${alias}`, span?.from, span?.to);
    taken.add(alias);
  }
}

/** §6.2 */
function analyzeProperties({ properties }: RestoreStatement): RestoreProperties {
  const timeout = timeoutMs(properties);
  const allowLoad = properties["allow_load"] ?? "false";
  if (!/^(true|false)$/i.test(allowLoad)) throw commonErrorAnalyzed(`Invalid allow load value: ${allowLoad}`);
  // The text names one of these for all; that is how the FE says it.
  for (const key of ["replication_num", "meta_version", "starrocks_meta_version"]) {
    const text = properties[key];
    if (text !== undefined && !/^[-+]?\d+$/.test(text))
      throw commonErrorAnalyzed(`Invalid meta version format: ${text}`);
  }
  const timestamp = properties["backup_timestamp"];
  if (timestamp === undefined) throw commonErrorAnalyzed("Missing backup_timestamp property");
  checkKnown("restore", properties, [
    "timeout",
    "allow_load",
    "replication_num",
    "backup_timestamp",
    "meta_version",
    "starrocks_meta_version",
  ]);
  return {
    timestamp,
    replicationNum: Number(properties["replication_num"] ?? "3"),
    allowLoad: /^true$/i.test(allowLoad),
    timeoutMs: timeout,
  };
}
