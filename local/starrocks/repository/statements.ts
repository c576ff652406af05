import { analysisError, commonError, unsupported } from "../errors.ts";
import { timeText } from "../execute/clock.ts";
import type { Context } from "../execute/context.ts";
import { ok, type Result, textRows } from "../protocol/result.ts";
import { parseProperties } from "../sql/create-table.ts";
import type { Tokens } from "../sql/tokens.ts";
import { atLeast } from "../versions.ts";
import { RepositoryFiles, type SnapshotInfo } from "./repository.ts";

const namePattern = /^[a-zA-Z]\w{0,63}$|^_[a-zA-Z0-9]\w{0,62}$/;

/** After `CREATE`: `[READ ONLY] REPOSITORY …` (§8). */
export async function createRepository(tokens: Tokens, context: Context, readOnly: boolean): Promise<Result> {
  const name = tokens.identifier();
  tokens.expect("WITH", "BROKER");
  const broker = tokens.isIdentifier() && !tokens.isWord("LOCATION") ? tokens.identifier() : undefined;
  tokens.expect("ON", "LOCATION");
  const location = tokens.string();
  if (tokens.accept("PROPERTIES")) parseProperties(tokens);
  tokens.expectEnd();
  if (!namePattern.test(name)) throw analysisError(`Incorrect repository name '${name}'`);
  const { cluster } = context;
  return cluster.change(async () => {
    if (broker !== undefined) throw commonError(`broker does not exist: ${broker}`);
    if (cluster.repositories.has(name))
      throw commonError(`Failed to create repository: repository with same name already exist: ${name}`);
    const info = new RepositoryFiles(cluster.options.repositories, { name, location }).attach(
      name,
      cluster.now(),
    );
    const id = cluster.catalog.newId();
    cluster.repositories.set(name, { id, name, location, readOnly, createTime: info.createTime });
    cluster.catalog.touch("repository", id);
    return ok();
  });
}

/** After `DROP REPOSITORY`: only detaches, files stay. */
export async function dropRepository(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.identifier();
  tokens.expectEnd();
  const { cluster } = context;
  return cluster.change(async () => {
    const repository = cluster.repositories.get(name);
    if (!repository) throw commonError("Repository does not exist");
    if (cluster.jobs.all().some((job) => job.repository === name && job.finishedTime === null))
      throw commonError("Backup or restore job is running on this repository. Can not drop it");
    cluster.repositories.delete(name);
    cluster.catalog.touch("repository", repository.id);
    return ok();
  });
}

/** After `DROP SNAPSHOT`: 4.2 and later, a syntax error before (§5). */
export async function dropSnapshot(tokens: Tokens, { cluster }: Context): Promise<Result> {
  if (!atLeast(cluster.options.version, "4.2")) {
    tokens.rewind(tokens.position - 1);
    throw tokens.unexpected("a legal statement");
  }
  const label = checkLabel(tokens.identifierOrString());
  tokens.expect("ON");
  const name = tokens.identifier();
  const force = tokens.accept("FORCE");
  tokens.expectEnd();
  return cluster.change(async () => {
    const repository = cluster.repositories.get(name);
    if (!repository) throw commonError(`Repository does not exist: ${name}`);
    if (repository.readOnly) throw commonError(`Repository ${name} is read only`);
    const user = cluster.jobs
      .all()
      .find((job) => job.repository === name && job.label === label && job.finishedTime === null);
    if (user)
      throw commonError(
        `Can not drop snapshot ${label}: a ${user.kind} is ${user.kind === "backup" ? "writing" : "reading"} it`,
      );
    const files = new RepositoryFiles(cluster.options.repositories, repository);
    if (!files.hasLabel(label)) throw commonError(`Snapshot does not exist in repository ${name}: ${label}`);
    checkOwner(label, name, files.readMeta(label)?.clusterId, cluster.clusterId, force);
    files.remove(label);
    return ok();
  });
}

function checkOwner(
  label: string,
  repository: string,
  owner: string | undefined,
  self: string,
  force: boolean,
): void {
  if (force || owner === self) return;
  const who =
    owner === undefined
      ? `does not record which cluster created it, and this cluster is ${self}`
      : `was created by cluster ${owner}, and this cluster is ${self}`;
  throw commonError(
    `Snapshot ${label} in repository ${repository} ${who}. Use DROP SNAPSHOT ... FORCE to drop it anyway`,
  );
}

/** A label becomes a folder's name; what would leave the folder is not modelled (§1.2). */
export function checkLabel(label: string): string {
  if (/[/\\]/.test(label) || label === "..") throw unsupported("A snapshot label with path characters");
  return label;
}

/** After `SHOW REPOSITORIES`. */
export async function showRepositories(tokens: Tokens, { cluster, session }: Context): Promise<Result> {
  tokens.expectEnd();
  const rows = [...cluster.repositories.values()].map((repository) => [
    String(repository.id),
    repository.name,
    timeText(repository.createTime, session.zone),
    String(repository.readOnly),
    repository.location,
    "",
    null,
  ]);
  return textRows(["RepoId", "RepoName", "CreateTime", "IsReadOnly", "Location", "Broker", "ErrMsg"], rows);
}

const wrongWhere =
  "Where clause should looks like: SNAPSHOT = 'your_snapshot_name' [AND TIMESTAMP = '2018-04-18-19-19-10']";

type Filter = { names?: string[]; snapshot?: string; timestamp?: string };

function parseFilter(tokens: Tokens): Filter {
  if (!tokens.accept("WHERE")) return {};
  const filter: Filter = {};
  do {
    const key = tokens.identifier().toUpperCase();
    if (tokens.accept("IN")) {
      if (key !== "SNAPSHOT") throw analysisError("Left expr of should be snapshot");
      filter.names = tokens.parenthesised(() => tokens.list(() => tokens.string()));
      continue;
    }
    // Every comparison is read as `=` (§4).
    if (!["=", "!=", "<>", "<", ">", "<=", ">="].some((operator) => tokens.acceptOperator(operator)))
      throw tokens.unexpected("'='");
    if (key === "SNAPSHOT") filter.snapshot = tokens.string();
    else if (key === "TIMESTAMP") filter.timestamp = tokens.string();
    else throw analysisError(wrongWhere);
  } while (tokens.accept("AND"));
  if (tokens.isWord("OR") || (filter.timestamp !== undefined && filter.snapshot === undefined))
    throw analysisError(wrongWhere);
  return filter;
}

/** Details: the info file without ids and versions. */
function brief(info: SnapshotInfo): string {
  const objects = Object.entries(info.backup_objects).map(([name, { autoIncrementId, partitions }]) => [
    name,
    {
      autoIncrementId,
      partitions: Object.fromEntries(Object.keys(partitions).map((partition) => [partition, {}])),
    },
  ]);
  const { id: _left, ...others } = info;
  return JSON.stringify({ ...others, backup_objects: Object.fromEntries(objects) }, null, 1);
}

/** After `SHOW SNAPSHOT`: reads the store live (§4). */
export async function showSnapshot(tokens: Tokens, { cluster }: Context): Promise<Result> {
  tokens.expect("ON");
  const name = tokens.identifier();
  const filter = parseFilter(tokens);
  tokens.expectEnd();
  const repository = cluster.repositories.get(name);
  if (!repository) throw analysisErrorOfRepository(name);
  const files = new RepositoryFiles(cluster.options.repositories, repository);
  const { snapshot, timestamp } = filter;
  if (snapshot !== undefined && timestamp !== undefined) {
    const info = files.readInfo(snapshot, timestamp);
    const details = info ? brief(info) : null;
    const row = info
      ? [snapshot, timestamp, info.database, details, "OK"]
      : [snapshot, timestamp, null, null, "ERROR: no snapshot"];
    return textRows(["Snapshot", "Timestamp", "Database", "Details", "Status"], [row]);
  }
  const labels =
    snapshot !== undefined
      ? [snapshot]
      : files.labels().filter((label) => !filter.names || filter.names.includes(label));
  // A missing snapshot asked for by name is one row, not none.
  const rows = labels.map((label) => {
    const { timestamps } = files.files(label);
    return timestamps.length > 0 ? [label, timestamps.join("\n"), "OK"] : [label, "", "ERROR: no snapshot"];
  });
  return textRows(["Snapshot", "Timestamp", "Status"], rows);
}

export const analysisErrorOfRepository = (name: string): Error =>
  analysisError(`Repository [${name}] does not exist`, 5064, "42000");
