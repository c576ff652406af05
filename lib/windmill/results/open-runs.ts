import type { OpenRun } from "../../catalog/open-runs.ts";
import { isSilent } from "../../operations/run/silent.ts";
import { jobLink } from "../job-id.ts";
import { age } from "./age.ts";
import { type Block, type Line, paragraph, table } from "./document.ts";

/** An open run as machines read it. */
export function openRun(run: OpenRun) {
  return {
    run_id: run.runId,
    operation: run.operation,
    state: run.state,
    group: run.group ?? null,
    databases: run.databases,
    age_seconds: run.ageSeconds,
    silent: isSilent(run),
    waiting_for: run.waitingFor ?? null,
    job_id: run.jobId ?? null,
    job_link: jobLink(run.jobId)?.href ?? null,
  };
}

/** What is open on the cluster, as a person reads it. */
export function openRunBlocks(open: readonly OpenRun[]): readonly Block[] {
  if (open.length === 0) return [paragraph("No run is open.")];
  const rows = open.map((run) => [
    run.runId,
    run.group ?? "",
    run.databases.join(", "),
    age(run.ageSeconds),
    doing(run),
    job(run),
  ]);
  return [
    paragraph(open.length === 1 ? "One run is open:" : `${open.length} runs are open:`),
    table(["run", "group", "databases", "age", "what it does", "job"], rows),
  ];
}

function job({ jobId = "" }: OpenRun): Line {
  const link = jobLink(jobId);
  return link === undefined ? jobId : [{ link, text: jobId }];
}

function doing(run: OpenRun): string {
  if (run.state === "PLANNED")
    return run.operation !== "backup" ? "waits for an approval, if its flow goes on" : "is planned";
  const waiting = run.waitingFor === undefined ? "is at work" : `waits: ${run.waitingFor}`;
  return isSilent(run) ? `nobody works for it; ${waiting}` : waiting;
}
