import type { Cluster } from "../cluster.ts";
import {
  analysisError,
  analysisErrorAt,
  commonError,
  noDatabase,
  unknownDatabase,
  unknownTable,
  unsupported,
} from "../errors.ts";
import type { Context } from "../execute/context.ts";
import type { Database, Relation } from "../metadata/model.ts";
import { requireOn, requireSystem } from "../privileges/check.ts";
import { ok, type Result } from "../protocol/result.ts";
import { RepositoryFiles } from "../repository/repository.ts";
import { analysisErrorOfRepository, checkLabel } from "../repository/statements.ts";
import type { Tokens } from "../sql/tokens.ts";
import { atLeast } from "../versions.ts";
import { type BackupObject, type BackupStatement, parseBackup } from "./grammar.ts";
import { type BackupJob, isDone, type JobObject, okStatus } from "./job.ts";
import { checkKnown, timeoutMs } from "./properties.ts";
import { commonErrorAnalyzed } from "./texts.ts";

type NamedObject = Extract<BackupObject, { kind: "named" }>;

/** After `BACKUP`: checks in the order of §1.4, then the job waits for its tick. */
export async function submitBackup(tokens: Tokens, context: Context): Promise<Result> {
  const { cluster } = context;
  const statement = parseBackup(tokens, cluster.options.version);
  return cluster.change(async () => {
    const database = analyzeDatabase(context, statement);
    if (!cluster.repositories.has(statement.repository))
      throw analysisErrorOfRepository(statement.repository);
    if (statement.label === "") throw analysisError("Incorrect label name ''", 5082, "42000");
    checkLabel(statement.label);
    const objects = analyzeObjects(cluster, database, statement, tokens);
    const timeout = analyzeProperties(cluster, statement);
    checkPrivileges(context, database, objects);
    handle(cluster, database, statement, objects);
    const job: BackupJob = {
      kind: "backup",
      id: cluster.catalog.newId(),
      jobId: -1,
      label: statement.label,
      dbId: database.id,
      dbName: database.name,
      repository: statement.repository,
      objects: objects.map(
        ({ name, partitions }): JobObject => (partitions ? { name, partitions } : { name }),
      ),
      createTime: cluster.now(),
      timeoutMs: timeout,
      state: "PENDING",
      snapshotFinishedTime: null,
      uploadFinishedTime: null,
      finishedTime: null,
      status: okStatus,
      taskErrMsg: "",
      meta: undefined,
    };
    cluster.jobs.put(cluster.catalog, job);
    return ok();
  });
}

function analyzeDatabase({ cluster, session }: Context, statement: BackupStatement): Database {
  const name = statement.database ?? session.database;
  if (name === undefined) throw noDatabase();
  const database = cluster.catalog.database(name);
  if (!database) throw unknownDatabase(name);
  return database;
}

/** §1.4 1-5; without ON, or with ALL, everything of the database. */
function analyzeObjects(
  cluster: Cluster,
  database: Database,
  statement: BackupStatement,
  tokens: Tokens,
): NamedObject[] {
  const relations = cluster.catalog.relations(database);
  const typed = atLeast(cluster.options.version, "3.5");
  const whole = (kind: Relation["kind"]): NamedObject[] =>
    relations
      // §1.5: materialized views are skipped silently, unless the FE is configured otherwise.
      .filter((relation) => relation.kind === kind && !(relation.kind === "table" && relation.materialized))
      .map(({ name }) => ({
        kind: "named",
        what: kind === "view" ? "VIEW" : "TABLE",
        name,
        temporary: false,
      }));
  if (!statement.objects) return [...whole("table"), ...(typed ? whole("view") : [])];
  const objects: NamedObject[] = [];
  for (const object of statement.objects) {
    if (object.kind === "all") {
      if (object.what === "TABLE") objects.push(...whole("table"));
      else if (object.what === "VIEW") objects.push(...whole("view"));
    } else {
      checkNamed(cluster, database, object, tokens);
      if (objects.some((one) => one.name === object.name))
        throw analysisError(`Duplicated table: ${object.name}`);
      objects.push(object);
    }
  }
  return objects;
}

function checkNamed(cluster: Cluster, database: Database, object: NamedObject, tokens: Tokens): void {
  if (object.what === "FUNCTION") throw unsupported(`BACKUP of a ${object.what}`);
  const relation = cluster.catalog.relation(database, object.name);
  if (!relation) throw analysisError(`Incorrect table name '${object.name}'`);
  if (relation.kind !== "table") return;
  const set = cluster.catalog.partitions(relation.id);
  for (const name of object.partitions ?? []) {
    if (!set.get(name, object.temporary))
      throw analysisErrorAt(
        `partition[${name}] does not exist  in table${object.name}`,
        tokens.peek(-1).position,
      );
  }
}

/** §1.4 phase B, §13 */
function checkPrivileges(context: Context, database: Database, objects: readonly NamedObject[]): void {
  requireSystem(context, "REPOSITORY");
  if (objects.length === 0) throw commonErrorAnalyzed(`Database: ${database.name} is empty`);
  for (const { name } of objects) {
    const relation = context.cluster.catalog.relation(database, name);
    if (relation?.kind === "table") requireOn(context, relation, "EXPORT");
  }
}

/** §1.3 */
function analyzeProperties(cluster: Cluster, { properties }: BackupStatement): number {
  const type = properties["type"];
  if (type !== undefined && !/^(full|incremental)$/i.test(type))
    throw commonErrorAnalyzed(`Invalid backup job type: ${type}`);
  const timeout = timeoutMs(properties);
  if (properties["ttl"] !== undefined && atLeast(cluster.options.version, "4.2"))
    throw unsupported("BACKUP with a ttl");
  checkKnown("backup", properties, ["type", "timeout"]);
  return timeout;
}

/** §1.4 phase C: the handler on the leader, raw texts. */
function handle(
  cluster: Cluster,
  database: Database,
  statement: BackupStatement,
  objects: readonly NamedObject[],
): void {
  const repository = cluster.repositories.get(statement.repository);
  if (!repository) throw commonError(`Repository ${statement.repository} does not exist`);
  const running = cluster.jobs.of(database.id);
  if (running && !isDone(running))
    throw commonError("Can only run one backup or restore job of a database at same time");
  if (repository.readOnly) throw commonError(`Repository ${repository.name} is read only`);
  for (const object of objects) checkEligible(cluster, database, object);
  const files = new RepositoryFiles(cluster.options.repositories, repository);
  if (files.hasLabel(statement.label)) {
    if (/^incremental$/i.test(statement.properties["type"] ?? ""))
      throw commonError("Currently does not support incremental backup");
    throw commonError(`Snapshot with name '${statement.label}' already exist in repository`);
  }
}

function checkEligible(cluster: Cluster, database: Database, object: NamedObject): void {
  const relation = cluster.catalog.relation(database, object.name);
  if (!relation) throw unknownTable(object.name);
  if (relation.kind === "view") {
    // Views travel since 3.4 (§1.5).
    if (atLeast(cluster.options.version, "3.5")) return;
    throw commonError(`Table: ${relation.name} can not support backup restore, type: VIEW`);
  }
  if (relation.engine !== "OLAP" && !(relation.materialized && atLeast(cluster.options.version, "3.5")))
    throw commonError(`Table: ${relation.name} can not support backup restore, type: ${relation.engine}`);
  if (cluster.catalog.partitions(relation.id).temporary().length > 0)
    throw commonError("Do not support backing up table with temp partitions");
  if (object.partitions && object.temporary) throw commonError("Do not support backing up temp partitions");
}
