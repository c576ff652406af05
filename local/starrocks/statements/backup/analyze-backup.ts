import {
  analysisError,
  analysisErrorAt,
  commonErrorAnalyzed,
  unknownDatabase,
  unsupported,
} from "../../basics/errors.ts";
import { atLeast } from "../../basics/versions.ts";
import type { Cluster } from "../../engine/cluster.ts";
import type { Context } from "../../engine/context.ts";
import { isSet } from "../../engine/frontend-config.ts";
import type { Database, Relation } from "../../metadata/model.ts";
import { parseTtl, type Ttl } from "../../metadata/ttl.ts";
import { analysisErrorOfRepository, checkLabel } from "../repository/repositories.ts";
import type { BackupObject, BackupStatement } from "./grammar.ts";
import { checkBackupPrivileges } from "./privileges.ts";
import { checkKnown, timeoutMs } from "./properties.ts";

export type NamedObject = Extract<BackupObject, { kind: "named" }>;

export type AnalyzedBackup = Readonly<{
  database: Database;
  objects: readonly NamedObject[];
  timeoutMs: number;
  ttl: Ttl | undefined;
}>;

/** §1.4 phase A, in its order, and the empty database of phase B. */
export function analyzeBackup(context: Context, statement: BackupStatement): AnalyzedBackup {
  const { cluster } = context;
  if (statement.catalogs) throw refuseCatalogs(cluster, statement);
  const database = analyzeDatabase(context, statement);
  if (statement.label === "") throw analysisError(`Incorrect label name '${statement.label}'`, 5082, "42000");
  if (!cluster.repositories.has(statement.repository)) throw analysisErrorOfRepository(statement.repository);
  checkLabel(statement.label);
  const objects = analyzeObjects(cluster, database, statement);
  const properties = analyzeProperties(cluster, statement);
  checkBackupPrivileges(context, database, objects);
  return { database, objects, ...properties };
}

/** There are no external catalogs here, so this is all a backup or restore of them can say (§1.4 6). */
function refuseCatalogs(cluster: Cluster, statement: BackupStatement): Error {
  analyzeProperties(cluster, statement);
  const { catalogs } = statement;
  const [first = ""] = catalogs === "ALL" ? [] : (catalogs ?? []);
  if (first === "") return commonErrorAnalyzed("No external catalog can be backed up");
  if (first.toLowerCase() === "default_catalog")
    return commonErrorAnalyzed("Do not support Backup/Restore the entire default catalog");
  return commonErrorAnalyzed(`external catalog ${first} does not existed.`);
}

function analyzeDatabase({ cluster, session }: Context, statement: BackupStatement): Database {
  // Without either, the FE looks for no name at all, and says so.
  const name = statement.database ?? session.database ?? "null";
  const database = cluster.catalog.database(name);
  if (!database) throw unknownDatabase(name);
  return database;
}

/** §1.4 3-5, by table name; without ON, or with ALL, everything of the database. */
function analyzeObjects(cluster: Cluster, database: Database, statement: BackupStatement): NamedObject[] {
  const chosen = new Map<string, NamedObject>();
  for (const object of named(statement)) {
    checkNamed(cluster, database, object);
    if (chosen.has(object.name))
      throw analysisErrorAt(`Duplicated table: ${object.name}`, object.span?.from, object.span?.to);
    chosen.set(object.name, object);
  }
  for (const relation of cluster.catalog.relations(database)) {
    const listed = [...chosen.keys()].some((name) => name.toLowerCase() === relation.name.toLowerCase());
    if (!listed && wanted(cluster, statement, relation)) chosen.set(relation.name, wholeOf(relation));
  }
  return [...chosen.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const named = ({ objects }: BackupStatement): NamedObject[] =>
  (objects ?? []).flatMap((object) => (object.kind === "named" ? [object] : []));

/** Views travel since 3.4; materialized views are skipped silently unless named, or unless a config says so (§1.5). */
function wanted(cluster: Cluster, { objects }: BackupStatement, relation: Relation): boolean {
  const materialized = relation.kind === "table" && relation.materialized !== undefined;
  if (materialized && !isSet(cluster, "enable_backup_materialized_view")) return false;
  if (!objects) return relation.kind === "table" || atLeast(cluster.options.version, "3.5");
  const what = materialized ? "MATERIALIZED VIEW" : relation.kind === "view" ? "VIEW" : "TABLE";
  return objects.some((object) => object.kind === "all" && object.what === what);
}

const wholeOf = ({ kind, name }: Relation): NamedObject => ({
  kind: "named",
  what: kind === "view" ? "VIEW" : "TABLE",
  name,
  temporary: false,
});

/** Partitions are looked up among the normal ones, TEMPORARY or not: the handler refuses that word (§1.4 13). */
function checkNamed(cluster: Cluster, database: Database, object: NamedObject): void {
  if (object.what === "FUNCTION") throw unsupported(`BACKUP of a ${object.what}`);
  const relation = cluster.catalog.relation(database, object.name);
  if (!relation) throw analysisError(`Incorrect table name '${object.name}'`);
  if (relation.kind !== "table") return;
  const set = cluster.catalog.partitions(relation.id);
  const missing = object.partitions?.find((name) => !set.get(name));
  if (missing !== undefined)
    throw analysisErrorAt(
      `partition[${missing}] does not exist  in table${object.name}`,
      object.partitionSpan?.from,
      object.partitionSpan?.to,
    );
}

/** §1.3 */
function analyzeProperties(
  cluster: Cluster,
  { properties }: BackupStatement,
): Pick<AnalyzedBackup, "timeoutMs" | "ttl"> {
  const type = properties["type"];
  if (type !== undefined && !/^(full|incremental)$/i.test(type))
    throw commonErrorAnalyzed(`Invalid backup job type: ${type}`);
  const timeout = timeoutMs(properties);
  const knowsTtl = atLeast(cluster.options.version, "4.2");
  const ttl = knowsTtl ? parseTtl(properties["ttl"] ?? "") : undefined;
  checkKnown("backup", properties, ["type", "timeout", ...(knowsTtl ? ["ttl"] : [])]);
  return { timeoutMs: timeout, ttl };
}
