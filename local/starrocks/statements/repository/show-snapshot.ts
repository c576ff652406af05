import { listing, type Result } from "../../basics/result.ts";
import type { Context } from "../../engine/context.ts";
import { RepositoryFiles, type SnapshotInfo } from "../../repository/repository.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { analysisErrorOfRepository } from "./repositories.ts";
import { parseSnapshotFilter } from "./snapshot-filter.ts";

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
  const where = parseSnapshotFilter(tokens);
  tokens.expectEnd();
  const repository = cluster.repositories.get(name);
  if (!repository) throw analysisErrorOfRepository(name);
  const files = new RepositoryFiles(cluster.options.repositories, repository);
  const { names = [], snapshot, timestamp } = where();
  if (snapshot !== undefined && timestamp !== undefined) {
    const read = files.readInfo(snapshot, timestamp);
    const row =
      "info" in read
        ? { Database: read.info.database, Details: brief(read.info), Status: "OK" }
        : { Database: null, Details: null, Status: `Failed to get info: ${read.reason}` };
    return listing(
      ["Snapshot", "Timestamp", "Database", "Details", "Status"],
      [{ Snapshot: snapshot, Timestamp: timestamp, ...row }],
    );
  }
  const labels =
    snapshot !== undefined
      ? [snapshot]
      : files.labels().filter((label) => names.length === 0 || names.includes(label));
  // A missing snapshot asked for by name is one row, not none.
  const rows = labels.map((label) => {
    const { timestamps } = files.files(label);
    const status = timestamps.length > 0 ? "OK" : "ERROR: no snapshot";
    return { Snapshot: label, Timestamp: timestamps.join("\n"), Status: status };
  });
  return listing(["Snapshot", "Timestamp", "Status"], rows);
}
