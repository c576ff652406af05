import { BackupError } from "../../errors.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";

/**
 * Does something on one of two clusters, and says in its errors on which. (What a cluster itself says is marked by its
 * session.)
 *
 * @param called undefined: there is only one
 */
export async function onCluster<Result>(
  called: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (called === undefined) return await work();
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BackupError) || error instanceof StarRocksFault) throw error;
    const { code, message, next, retriable, cause } = error;
    throw new BackupError({ code, message: `On ${called}: ${message}`, next, retriable, cause });
  }
}
