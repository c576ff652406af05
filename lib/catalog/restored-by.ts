import type { Catalog } from "./catalog.ts";
import { secondsSince } from "./sql/condition.ts";
import { type Readable, readable } from "./sql/read.ts";
import { column, type RowOf } from "./sql/table.ts";
import { rowsTogether } from "./sql/together.ts";
import { restoreHistory } from "./tables/restore-history.ts";
import { runs } from "./tables/runs.ts";

const runFields = ["runId", "operation", "state", "planHash", "plan"] as const;

const tableFields = [
  "runId",
  "database",
  "table",
  "status",
  "restoredTableId",
  "keptTableId",
  "keptUntil",
] as const;

/** A restore run, with what tells its tables from others. */
export type RestoreRun = RowOf<typeof runs, (typeof runFields)[number]> & {
  /** Since it was planned. */
  readonly ageSeconds: number;
  /** Since it was over; 0 while it is not. */
  readonly overSeconds: number;
};

/** What a restore has recorded of one table that cleanup goes by. */
export type RestoredTable = RowOf<typeof restoreHistory, (typeof tableFields)[number]>;

export interface RestoresByMark {
  readonly runs: Readable<RestoreRun>;
  readonly tables: Readable<RestoredTable>;
}

/**
 * Restores by the marks that the names of their tables carry, in one statement.
 *
 * @param marks of eight hexadecimal digits each; 10,000 at most
 */
export async function readRestoresByMark(
  catalog: Catalog,
  marks: readonly string[],
): Promise<RestoresByMark> {
  if (marks.length === 0) return { runs: { rows: [], unreadable: [] }, tables: { rows: [], unreadable: [] } };
  const list = marks.filter((mark) => /^[0-9a-f]{8}$/.test(mark)).map((mark) => `'${mark}'`);
  const marked = (runId: string) => `right(${runId}, 8) IN (${list.join(", ")})`;
  const ofRuns = {
    from: runs,
    fields: runFields,
    computed: {
      ageSeconds: secondsSince(column(runs, "createdAt")),
      overSeconds: secondsSince(column(runs, "finishedAt")),
    },
    where: `${column(runs, "operation")} = 'restore' AND ${marked(column(runs, "runId"))}`,
  } as const;
  const ofTables = {
    from: restoreHistory,
    fields: tableFields,
    where: marked(column(restoreHistory, "runId")),
  } as const;
  const [runRows, tableRows] = await rowsTogether(
    catalog,
    [ofRuns, ofTables],
    "read the restores that have made tables",
  );
  return { runs: readable(ofRuns, runRows), tables: readable(ofTables, tableRows) };
}
