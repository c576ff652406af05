import type { Operation, Run } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import { backupKind } from "../backup/kind.ts";
import { restoreKind } from "../restore/kind.ts";
import type { RunKind } from "../step/kind.ts";
import { undoKind } from "../undo/kind.ts";

/** Every kind of run there is. */
const kinds = {
  backup: backupKind,
  restore: restoreKind,
  undo: undoKind,
} as const satisfies Readonly<Record<Operation, RunKind>>;

/** How a run went, whatever its kind. */
export type Report = Awaited<ReturnType<(typeof kinds)[Operation]["report"]>>;

/**
 * The kind of a run, which has written the plan that the run's row holds.
 *
 * @throws {BackupError} `RUN_UNREADABLE` for a kind that this release does not know
 */
export function kindOf({ runId, operation }: Run): RunKind<object, Report> {
  if (Object.hasOwn(kinds, operation)) return kinds[operation];
  throw new BackupError({
    code: "RUN_UNREADABLE",
    message: `Run ${runId} is of a kind that this release does not know.`,
    next: "Deploy the newer release of the workspace, or look who has written to the table runs of the catalog.",
  });
}
