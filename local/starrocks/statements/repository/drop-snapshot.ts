import { commonError } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { atLeast } from "../../basics/versions.ts";
import type { Context } from "../../engine/context.ts";
import { checkSubmitLock } from "../../engine/submit-lock.ts";
import { RepositoryFiles } from "../../repository/repository.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { checkLabel } from "./repositories.ts";

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
    checkSubmitLock(cluster);
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
    if (!force)
      checkOwner({ label, repository: name, owner: files.readMeta(label)?.clusterId }, cluster.clusterId);
    files.remove(label);
    return ok();
  });
}

interface OwnedSnapshot {
  readonly label: string;
  readonly repository: string;
  /** Id of the cluster that made it, where it is recorded. */
  readonly owner: string | undefined;
}

function checkOwner({ label, repository, owner }: OwnedSnapshot, self: string): void {
  if (owner === self) return;
  const who =
    owner === undefined
      ? `does not record which cluster created it, and this cluster is ${self}`
      : `was created by cluster ${owner}, and this cluster is ${self}`;
  throw commonError(
    `Snapshot ${label} in repository ${repository} ${who}. Use DROP SNAPSHOT ... FORCE to drop it anyway`,
  );
}
