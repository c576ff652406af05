import { tableKey } from "../live-table.ts";
import type { TableChange } from "./changes.ts";

/** From which size on a table that goes whole is said to make a backup large: twice what has changed of it. */
const muchLarger = 2;

/** What there is to say of tables that go whole because their increment could not be put together later. */
export function wholeNotes(changes: readonly TableChange[]): readonly string[] {
  return changes.flatMap(({ table, copies, instead }) => {
    if (instead === undefined) return [];
    const times =
      instead.changed.bytes === 0 ? Number.POSITIVE_INFINITY : copies.bytes / instead.changed.bytes;
    const size =
      times > muchLarger && Number.isFinite(times)
        ? ` That is ${Math.round(times)} times what has changed of it.`
        : "";
    return [`${tableKey(table)} is copied whole: ${instead.reason}.${size}`];
  });
}
