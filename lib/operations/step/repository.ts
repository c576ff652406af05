import { BackupError } from "../../errors.ts";
import { type Repository, readRepositories } from "../../starrocks/observe/repositories.ts";
import type { Session } from "../../starrocks/session.ts";

/**
 * The repository a run uses, checked.
 *
 * @param purpose writing refuses a read-only repository
 * @throws {BackupError} `NO_REPOSITORY`, `UNKNOWN_REPOSITORY`, `REPOSITORY_READ_ONLY`, `REPOSITORY_UNHEALTHY`
 */
export async function verifiedRepository(
  session: Session,
  wanted: string | undefined,
  purpose: "write" | "read",
): Promise<Repository> {
  const repositories = await readRepositories(session);
  if (wanted === undefined) throw noRepository(repositories);
  const found = repositories.find((repository) => repository.name === wanted);
  if (found === undefined) throw unknownRepository(wanted, repositories, purpose);
  if (purpose === "write" && found.readOnly) {
    throw new BackupError({
      code: "REPOSITORY_READ_ONLY",
      message: `Repository ${wanted} is read-only.`,
      next: "Name a repository that can be written.",
    });
  }
  if (found.fault !== undefined) {
    throw new BackupError({
      code: "REPOSITORY_UNHEALTHY",
      message: `Repository ${wanted} cannot be reached by StarRocks: ${found.fault}.`,
      next: "Check the storage and its credentials; StarRocks looks again about every ten minutes.",
      retriable: true,
    });
  }
  return found;
}

function noRepository(repositories: readonly Repository[]): BackupError {
  return new BackupError({
    code: "NO_REPOSITORY",
    message: "No repository is named.",
    next: `Set repository in the starrocks resource or in the form. ${known(repositories)}`,
  });
}

function unknownRepository(
  wanted: string,
  repositories: readonly Repository[],
  purpose: "write" | "read",
): BackupError {
  // A repository's name is a part of the path of what is in it (starrocks.md §8).
  const attach =
    purpose === "read"
      ? " One that another cluster writes to is made with CREATE READ ONLY REPOSITORY, with the name and the location it has there."
      : "";
  return new BackupError({
    code: "UNKNOWN_REPOSITORY",
    message: `There is no repository ${wanted}.`,
    next: `${known(repositories)}${attach}`,
  });
}

function known(repositories: readonly Repository[]): string {
  const names = repositories.map((repository) => repository.name);
  return names.length === 0
    ? "The cluster has none: create one first."
    : `The cluster has ${names.join(", ")}.`;
}
