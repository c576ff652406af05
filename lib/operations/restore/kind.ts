import type { RestoreRecord } from "../../catalog/restores.ts";
import type { Run } from "../../catalog/runs.ts";
import type { RestorePlan } from "../../planning/restore/restore-plan.ts";
import type { RunKind } from "../step/kind.ts";
import { abandonRestore } from "./abandon.ts";
import { advanceRestore } from "./advance.ts";
import { cancelRestores } from "./cancel-jobs.ts";

/** How a restore run went, from the catalog. */
export interface RestoreReport {
  readonly operation: "restore";
  readonly run: Run<RestorePlan>;
  readonly restores: readonly RestoreRecord[];
}

export const restoreKind: RunKind<RestorePlan, RestoreReport> = {
  advance: advanceRestore,
  abandon: abandonRestore,
  cancelJobs: cancelRestores,
  report: ({ run }, { restores }) => ({ operation: "restore", run, restores }),
};
