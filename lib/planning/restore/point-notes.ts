import { groupBy } from "../../group-by.ts";
import { tableKey } from "../live-table.ts";
import type { RestoreTarget } from "./point.ts";
import type { RestorePlan } from "./restore-plan.ts";

/**
 * What an approver should ask about the point in time that tables are restored to.
 *
 * @param now `yyyy-MM-dd HH:mm:ss`, UTC, as is the target's time
 */
export function pointNotes({ at }: RestoreTarget, { tables }: RestorePlan, now: string): readonly string[] {
  const future =
    at.kind === "time" && at.time > now
      ? [`The time asked for, ${at.time} UTC, is still to come: the newest state is restored.`]
      : [];
  const empty = tables.flatMap((planned) =>
    planned.rows === 0
      ? [
          `${tableKey(planned)} has about 0 rows in ${planned.label}: if it was emptied before ${planned.cutTo} UTC, choose an earlier time.`,
        ]
      : [],
  );
  return [...future, ...empty, ...mixed(tables)];
}

/** One run lists all its databases at one instant; tables of several runs do not belong together. */
function mixed(tables: RestorePlan["tables"]): readonly string[] {
  const points = groupBy(tables, (planned) => planned.cutFrom);
  if (points.size < 2) return [];
  const said = [...points].sort().map(([from, ofPoint]) => {
    const names = ofPoint.slice(0, mostNamed).map(tableKey).join(", ");
    const more = ofPoint.length - mostNamed;
    return `${from} UTC: ${names}${more > 0 ? ` and ${more} more` : ""}`;
  });
  return [
    `The tables come from backups of different times (${said.join("; ")}): they may not agree with each other.`,
  ];
}

const mostNamed = 5;
