import { commonError } from "../basics/errors.ts";
import type { Cluster } from "./cluster.ts";

/**
 * One try-lock for BACKUP, RESTORE, CANCEL, DROP REPOSITORY and DROP SNAPSHOT of all databases: a second one waits ten
 * seconds and gives up (§1.4 8). Here no statement holds it that long; the knob says that one does.
 */
export function checkSubmitLock(cluster: Cluster): void {
  if (cluster.knobs.submitLockHeld)
    throw commonError("Another backup or restore job is being submitted. Please wait and try again");
}
