import { timeText } from "../../basics/clock.ts";
import { analysisError, commonError, unsupported } from "../../basics/errors.ts";
import { listing, ok, type Result } from "../../basics/result.ts";
import type { Context } from "../../engine/context.ts";
import { checkSubmitLock } from "../../engine/submit-lock.ts";
import { RepositoryFiles } from "../../repository/repository.ts";
import { parseProperties } from "../../sql/create-table.ts";
import type { Tokens } from "../../sql/tokens.ts";

const namePattern = /^[a-zA-Z]\w{0,63}$|^_[a-zA-Z0-9]\w{0,62}$/;

const wrongName = (name: string): Error =>
  analysisError(`Incorrect repository name '${name}'`, 5063, "42000");

/** After `CREATE`: `[READ ONLY] REPOSITORY …` (§8). */
export async function createRepository(tokens: Tokens, context: Context, readOnly: boolean): Promise<Result> {
  const name = tokens.identifier();
  tokens.expect("WITH", "BROKER");
  const broker = tokens.isIdentifier() && !tokens.isWord("LOCATION") ? tokens.identifier() : undefined;
  tokens.expect("ON", "LOCATION");
  const location = tokens.string();
  if (tokens.accept("PROPERTIES")) parseProperties(tokens);
  tokens.expectEnd();
  if (!namePattern.test(name)) throw wrongName(name);
  const { cluster } = context;
  return cluster.change(async () => {
    if (broker !== undefined) throw analysisError(`Unknown broker name(${broker})`);
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
  if (!namePattern.test(name)) throw wrongName(name);
  const { cluster } = context;
  return cluster.change(async () => {
    const repository = cluster.repositories.get(name);
    // Without the name, by the analyzer already (§8).
    if (!repository) throw analysisError("Repository does not exist", 5064, "42000");
    checkSubmitLock(cluster);
    if (cluster.jobs.all().some((job) => job.repository === name && job.finishedTime === null))
      throw commonError("Backup or restore job is running on this repository. Can not drop it");
    cluster.repositories.delete(name);
    cluster.catalog.touch("repository", repository.id);
    return ok();
  });
}

/** A label becomes a folder's name; what would leave the folder is not modelled (§1.2). */
export function checkLabel(label: string): string {
  if (/[/\\]/.test(label) || label === "..") throw unsupported("A snapshot label with path characters");
  return label;
}

/** After `SHOW REPOSITORIES`. */
export async function showRepositories(tokens: Tokens, { cluster, session }: Context): Promise<Result> {
  tokens.expectEnd();
  const rows = [...cluster.repositories.values()].map((repository) => ({
    RepoId: String(repository.id),
    RepoName: repository.name,
    CreateTime: timeText(repository.createTime, session.zone),
    IsReadOnly: String(repository.readOnly),
    Location: repository.location,
    Broker: "",
    ErrMsg: null,
  }));
  return listing(["RepoId", "RepoName", "CreateTime", "IsReadOnly", "Location", "Broker", "ErrMsg"], rows);
}

export const analysisErrorOfRepository = (name: string): Error =>
  analysisError(`Repository [${name}] does not exist`, 5064, "42000");
