import { publishPrefix } from "./names.ts";
import { isNewerThan } from "./own-names.ts";
import type { PlannedRestore, RestorePlan } from "./restore-plan.ts";

/** How long something is kept whose plan does not say. */
export const defaultKeepSeconds = 7 * 86_400;

/** A table whose name has the form of those that restores make. */
export interface FoundTable {
  readonly database: string;
  readonly table: string;
  readonly id: string;
}

/** What is known of the restore that a table's name speaks of. */
export interface KnownRestore {
  /** What the names of its tables carry. */
  readonly mark: string;
  readonly isOver: boolean;
  /** Since it was over. */
  readonly overSeconds: number;
  /** With the names that its tables have by right; undefined: the stored one is not the one that was made. */
  readonly plan: RestorePlan | undefined;
  readonly tables: readonly RecordedTable[];
}

/** What the restore has recorded of one of its tables. */
export interface RecordedTable {
  readonly database: string;
  readonly table: string;
  readonly status: "PLANNED" | "READY" | "FINISHED" | "FAILED" | "CANCELLED";
  readonly restoredTableId: string | undefined;
  readonly keptTableId: string | undefined;
  readonly keptUntil: string | undefined;
}

/**
 * What a table is to a restore. `replaced`: what was live before. `copy`: what replaced partitions held. `temporary`: a part,
 * or a restored table that was not published.
 */
export type Leftover =
  | {
      readonly kind: "replaced" | "copy" | "temporary";
      /** The table of the restore. */
      readonly of: string;
      /** UTC; undefined where `isDue` goes by the end of the run. */
      readonly until: string | undefined;
      readonly isDue: boolean;
    }
  /** @param reason a sentence without its end: why it is not touched */
  | { readonly kind: "untouched"; readonly reason: string };

/**
 * What a table is. Names can be given to any table, so none is ours by its name: a replaced table has the id that the restore
 * has recorded, and what a restore made has an id that was not given yet when its plan was made.
 *
 * @param restore undefined: no run of the catalog has the mark that the name carries
 * @param now UTC
 */
export function leftoverOf(found: FoundTable, restore: KnownRestore | undefined, now: string): Leftover {
  if (restore === undefined) return untouched("no restore of this catalog has made it");
  if (restore.plan === undefined) return untouched("the plan of its restore was changed in the catalog");
  const { plan } = restore;
  const planned = plan.tables.find(
    (each) => each.database === found.database && isNameOf(each, found.table, restore.mark),
  );
  if (planned === undefined) return untouched("its restore has made no table of that name");
  if (!restore.isOver) return untouched("its restore is not over");
  const record = restore.tables.find(
    (each) => each.database === planned.database && each.table === planned.table,
  );
  const of = `${planned.database}.${planned.table}`;
  if (record?.status === "FINISHED" && isKept(found, record)) {
    const kind = planned.strategy === "partitions" ? "copy" : "replaced";
    const until = record.keptUntil;
    return { kind, of, until, isDue: until !== undefined && until <= now };
  }
  if (!isNewerThan(plan, found.id)) return untouched(olderReason(record));
  const isDue = restore.overSeconds >= (plan.keepSeconds || defaultKeepSeconds);
  if (found.table !== planned.replaces?.keptAs) return { kind: "temporary", of, until: undefined, isDue };
  if (planned.strategy === "partitions" && record?.status !== "FINISHED")
    return { kind: "copy", of, until: undefined, isDue };
  return untouched("it is not the table that the restore has kept under that name");
}

function untouched(reason: string): Leftover {
  return { kind: "untouched", reason };
}

/** By SWAP the restored table may have come to the name of the replaced one: undo has put that back. */
function isKept({ id }: FoundTable, { keptTableId, restoredTableId }: RecordedTable): boolean {
  return keptTableId !== undefined && (id === keptTableId || id === restoredTableId);
}

function olderReason(record: RecordedTable | undefined): string {
  return record?.status === "FINISHED" && record.keptTableId === undefined
    ? "an older release has kept it, which did not record its id: drop it by hand when it is not needed"
    : "it was there before the restore was planned: it is not its own";
}

function isNameOf(
  { table, parts, assembledAs, replaces }: PlannedRestore,
  name: string,
  mark: string,
): boolean {
  const own = [assembledAs, replaces?.keptAs, ...parts.map((part) => part.as)];
  return own.includes(name) || name.startsWith(publishPrefix(table, mark));
}
