import type { Skipped } from "../skipped.ts";

/** The frozen description of a run that takes a restore back. */
export interface UndoPlan {
  readonly operation: "undo";
  readonly plannedAt: string;
  /** The run of the restore. */
  readonly restore: string;
  readonly tables: readonly PlannedUndo[];
  /** What cannot be taken back, and why. */
  readonly skipped: readonly Skipped[];
}

/** One table of an undo. */
export interface PlannedUndo {
  readonly database: string;
  readonly table: string;
  /** Where the replaced table is, or what its replaced partitions held; afterwards the restored table. */
  readonly keptAs: string;
  /** Ids of what is live and what is kept, as they were when the plan was made. */
  readonly liveId: string;
  readonly keptId: string;
  /** The partitions that were replaced, and their ids now, or some of very many; undefined: the table was. */
  readonly partitions: { readonly names: readonly string[]; readonly ids: readonly string[] } | undefined;
  /** Restored then, live now in their place, and what comes back. */
  readonly rowsRestored: number;
  readonly rowsNow: number;
  readonly rowsBack: number;
}
