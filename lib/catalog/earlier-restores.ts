import { groupBy } from "../group-by.ts";
import type { Row } from "../starrocks/session.ts";
import { matching, notNull, secondsBetween } from "./sql/condition.ts";
import { readable } from "./sql/read.ts";
import { column } from "./sql/table.ts";
import { restoreHistory } from "./tables/restore-history.ts";
import { runs } from "./tables/runs.ts";

/** A restore that has finished: what it downloaded and how long that took, from its approval to its end. */
export interface EarlierRestore {
  readonly bytes: number;
  readonly seconds: number;
  /** UTC, `yyyy-MM-dd HH:mm:ss`. */
  readonly finishedAt: string;
}

/** What is asked for to tell by earlier restores how long one takes: those of half a year. */
export function earlierRestoresQueries() {
  const finishedAt = column(runs, "finishedAt");
  const ofRuns = {
    from: runs,
    fields: ["runId", "finishedAt"],
    computed: { seconds: secondsBetween(column(runs, "approvedAt"), finishedAt) },
    where: `${matching(runs, { operation: "restore", state: "FINISHED", approvedAt: notNull })} AND ${finishedAt} > date_sub(now(), INTERVAL 180 DAY)`,
  } as const;
  const ofTables = {
    from: restoreHistory,
    fields: ["runId"],
    computed: { bytes: `sum(${column(restoreHistory, "downloadedBytes")})` },
    where: `${column(restoreHistory, "startedAt")} > date_sub(now(), INTERVAL 190 DAY)`,
    groupBy: ["runId"],
  } as const;
  return [ofRuns, ofTables] as const;
}

/** Earlier restores of what the queries gave; rows that cannot be read tell nothing. */
export function earlierRestoresOf([runRows, tableRows]: readonly [
  readonly Row[],
  readonly Row[],
]): readonly EarlierRestore[] {
  const [ofRuns, ofTables] = earlierRestoresQueries();
  const bytes = groupBy(readable(ofTables, tableRows).rows, ({ runId }) => runId);
  return readable(ofRuns, runRows).rows.flatMap(({ runId, finishedAt, seconds }) => {
    const [of] = bytes.get(runId) ?? [];
    if (of === undefined || finishedAt === undefined) return [];
    return [{ bytes: of.bytes, seconds, finishedAt }];
  });
}
