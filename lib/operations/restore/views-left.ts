import { leftViews, type MovedTable } from "../../planning/restore/left-views.ts";
import { type PlannedRestore, sourceOf } from "../../planning/restore/restore-plan.ts";
import type { Skipped } from "../../planning/skipped.ts";
import { readPlainViews, readViewDefinitions } from "../../starrocks/observe/views.ts";
import type { Session } from "../../starrocks/session.ts";

/** Views that a restore of whole databases does not bring. */
export interface ViewsLeft {
  readonly skipped: readonly Skipped[];
  readonly notes: readonly string[];
}

export const noViewsLeft: ViewsLeft = { skipped: [], notes: [] };

/**
 * Finds the views that do not come along where tables go to another database or cluster, or come back to a database that is
 * gone.
 *
 * @param session on the cluster of the backups
 * @param there databases of the backups in which something is live there
 */
export async function readViewsLeft(
  session: Session,
  planned: readonly PlannedRestore[],
  { elsewhere, there }: { readonly elsewhere: boolean; readonly there: ReadonlySet<string> },
): Promise<ViewsLeft> {
  const moves: readonly MovedTable[] = planned.map((each) => ({ source: sourceOf(each), target: each }));
  const gone = [...new Set(moves.map(({ source }) => source.database))].filter((each) => !there.has(each));
  const moved = moves.filter(
    ({ source, target }) => there.has(source.database) && (elsewhere || source.database !== target.database),
  );
  return {
    skipped: moved.length === 0 ? [] : leftViews(moved, await readViews(session, moved)),
    notes: gone.map(
      (database) =>
        `No backup holds views: those that ${database} had, materialized or not, have to be made again.`,
    ),
  };
}

async function readViews(session: Session, moved: readonly MovedTable[]) {
  const databases = [...new Set(moved.map(({ source }) => source.database))];
  const plain = await readPlainViews(session, databases);
  const materialized = await readViewDefinitions(session);
  const names = new Set(materialized.map(({ database, table }) => `${database}.${table}`));
  return [
    ...materialized.map((view) => ({ ...view, materialized: true })),
    // A list of views may have materialized ones as well.
    ...plain
      .filter(({ database, table }) => !names.has(`${database}.${table}`))
      .map((view) => ({ ...view, materialized: false })),
  ];
}
