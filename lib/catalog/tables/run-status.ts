import { byDefaultNow, optional, withDefault } from "../sql/column.ts";
import { bigint, datetime, oneOf, varchar } from "../sql/kinds.ts";
import { defineTable } from "../sql/table.ts";

export const runStatus = defineTable({
  name: "run_status",
  comment: "Job slots: who works on a database; the newest generation of a scope holds the slot",
  model: "PRIMARY KEY",
  key: ["scope", "label"],
  columns: {
    scope: varchar("scope", 60, "The database, where its name is short and plain"),
    label: varchar("label", 60, "The load label that took the slot: `slot_<scope>_<generation>`"),
    state: oneOf(
      "state",
      16,
      ["ACTIVE", "FINISHED", "FAILED", "CANCELLED"],
      "ACTIVE while the slot is held; with any other of these it is free",
    ),
    startedAt: byDefaultNow(datetime("started_at", "When it was taken")),
    finishedAt: optional(datetime("finished_at", "When it was given back")),
    generation: withDefault(
      bigint("generation", "Counts from 1 in its scope; NULL in rows of starrocks-br"),
      0,
    ),
    runId: withDefault(varchar("run_id", 40, "The run that holds it"), ""),
    heartbeatAt: optional(datetime("heartbeat_at", "The holder's last sign of life")),
  },
});
