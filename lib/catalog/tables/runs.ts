import { planText } from "../plan-text.ts";
import { optional } from "../sql/column.ts";
import { datetime, oneOf, string, varchar } from "../sql/kinds.ts";
import { defineTable } from "../sql/table.ts";

const runStates = ["PLANNED", "RUNNING", "FINISHED", "NOTHING_TO_DO", "FAILED", "CANCELLED"] as const;

export const runs = defineTable({
  name: "runs",
  comment: "Backup and restore runs: the frozen plan and how far it got; times are UTC",
  model: "PRIMARY KEY",
  key: ["runId"],
  columns: {
    runId: varchar("run_id", 40, "What results and forms call `run_id`"),
    operation: oneOf("operation", 16, ["backup", "restore", "undo"], "What it does"),
    state: oneOf("state", 16, runStates, "How far it got"),
    group: optional(varchar("inventory_group", 255, "The group of a backup")),
    planHash: varchar("plan_hash", 64, "The first half of the plan's SHA-256: what an approval approves"),
    plan: planText("plan", "The plan as JSON; `gzip:` and base64 where it is long"),
    approvedBy: optional(string("approved_by", "Who approved it")),
    approvedAt: optional(datetime("approved_at", "When it was approved, and began")),
    submittedJob: optional(
      string(
        "submitted_job",
        "A restore's last submission: which job was there before (jobs have no name of ours)",
      ),
    ),
    createdAt: datetime("created_at", "When the plan was recorded"),
    finishedAt: optional(datetime("finished_at", "When it was over")),
    errorCode: optional(
      varchar("error_code", 64, "What it failed with; of an open run, why it was given up"),
    ),
    errorMessage: optional(string("error_message", "The same as a sentence")),
    errorNext: optional(string("error_next", "What to do about it")),
    jobId: optional(
      varchar(
        "job_id",
        64,
        "The job of Windmill to watch or cancel: the flow's, or the script's where it runs alone",
      ),
    ),
    heartbeatAt: optional(datetime("heartbeat_at", "Its last sign of life")),
    waitingFor: optional(string("waiting_for", "What it waits for; empty for nothing")),
    waitingSince: optional(datetime("waiting_since", "Since when it waits for just that")),
  },
});
