import { type Result, textRows } from "../../basics/result.ts";
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
        ? [snapshot, timestamp, read.info.database, brief(read.info), "OK"]
        : [snapshot, timestamp, null, null, `Failed to get info: ${read.reason}`];
    return textRows(["Snapshot", "Timestamp", "Database", "Details", "Status"], [row]);
  }
  const labels =
    snapshot !== undefined
      ? [snapshot]
      : files.labels().filter((label) => names.length === 0 || names.includes(label));
  // A missing snapshot asked for by name is one row, not none.
  const rows = labels.map((label) => {
    const { timestamps } = files.files(label);
    return timestamps.length > 0 ? [label, timestamps.join("\n"), "OK"] : [label, "", "ERROR: no snapshot"];
  });
  return textRows(["Snapshot", "Timestamp", "Status"], rows);
}
