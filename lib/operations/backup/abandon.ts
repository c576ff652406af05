import { type BackupRecord, readRunBackups, updateBackup } from "../../catalog/history.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import type { Ending } from "../step/ending.ts";
import type { BackupStep } from "./observe.ts";

/**
 * Ends a snapshot of which there is nothing in StarRocks, unless a step that is at work has got further with it.
 *
 * @param because what StarRocks said of the end of its job
 * @returns what to wait for when a step has got further
 */
export async function abandonSnapshot(
  { catalog }: BackupStep,
  { label, runId, status }: BackupRecord,
  { state, error }: Ending,
  because: string | undefined,
): Promise<Wait | undefined> {
  const said =
    because === undefined ? error.message : `${error.message} StarRocks says of its job: ${because}`;
  await updateBackup(catalog, label, { status: state, after: status, error: said });
  const now = (await readRunBackups(catalog, runId)).find((each) => each.label === label)?.status;
  return now === "PLANNED" || now === "SUBMITTED"
    ? waitFor(`${label}: another execution of its step has got further with it`)
    : undefined;
}
