import { sortBy } from "../sort-by.ts";
import type { Catalog } from "./catalog.ts";
import { type BackupRecord, backupsQuery, type Claim, claimsQuery, runBackupsOf } from "./history.ts";
import { type ListedRun, listedRun, openRunsQuery } from "./open-runs.ts";
import { type Pulse, pulseQuery } from "./pulse.ts";
import { type RestoreRecord, runRestoresOf, runRestoresQuery } from "./restores.ts";
import { type Run, runOf, runQuery, unknownRun } from "./runs.ts";
import { isHeld, newestSlots, type Slot, slotsOf, slotsQuery } from "./slots.ts";
import { beginsWith, matching } from "./sql/condition.ts";
import { decoder } from "./sql/read.ts";
import { rowsTogether } from "./sql/together.ts";
import { backupHistory } from "./tables/backup-history.ts";
import { runs } from "./tables/runs.ts";

/** Everything that the catalog says of a run, as it was at one moment. */
export interface RunView {
  readonly run: Run;
  readonly pulse: Pulse;
  /** Of a backup: its snapshots and attempts, each database's in their order. */
  readonly backups: readonly BackupRecord[];
  /** Of a restore: its tables. */
  readonly restores: readonly RestoreRecord[];
  /** The newest of every scope, whoever holds it. */
  readonly slots: ReadonlyMap<string, Slot>;
  /** Runs that are not over, this one too, oldest first. */
  readonly open: readonly ListedRun[];
}

/**
 * Reads a run, in one statement.
 *
 * @throws {BackupError} `UNKNOWN_RUN`
 */
export async function readRunView(catalog: Catalog, runId: string): Promise<RunView> {
  const query = {
    run: runQuery(matching(runs, { runId })),
    pulse: pulseQuery(runId),
    slots: slotsQuery(newestSlots(catalog)),
    open: openRunsQuery({ kind: "all" }),
  };
  const [run, pulse, backups, restores, slots, open] = await rowsTogether(
    catalog,
    [
      query.run,
      query.pulse,
      backupsQuery(matching(backupHistory, { runId })),
      runRestoresQuery(runId),
      query.slots,
      query.open,
    ],
    `read run ${runId}`,
  );
  const [found] = run.map(decoder(query.run));
  const [beat] = pulse.map(decoder(query.pulse));
  if (found === undefined || beat === undefined) throw unknownRun(catalog, runId);
  const newest = slotsOf(slots.map(decoder(query.slots)));
  const own = [...newest.values()].filter((slot) => isHeld(slot) && slot.runId === runId);
  return {
    run: runOf(found),
    pulse: {
      ...beat,
      waitingFor: beat.waitingFor ?? "",
      slotSeconds: Math.max(0, ...own.map((slot) => slot.silentSeconds)),
    },
    backups: runBackupsOf(backups),
    restores: runRestoresOf(restores),
    slots: newest,
    open: openOf(open),
  };
}

/** What a job finds before it plans, and when it has. */
export interface JobView {
  /** The run that the job has planned, if it has. */
  readonly run: Run | undefined;
  /** Labels whose plan never became a run, of the job's executions and of others that are long dead. */
  readonly claims: readonly Claim[];
  /** Runs that are not over, oldest first. */
  readonly open: readonly ListedRun[];
}

/** @param prefix which the ids of all runs of the job begin with */
export async function readJobView(catalog: Catalog, prefix: string): Promise<JobView> {
  const query = runQuery(beginsWith(runs, "runId", prefix));
  const ofClaims = claimsQuery(catalog, prefix);
  const [run, claims, open] = await rowsTogether(
    catalog,
    [query, ofClaims, openRunsQuery({ kind: "all" })],
    "look for an earlier plan of this job, and for open runs",
  );
  const [found] = run.map(decoder(query));
  return { run: found && runOf(found), claims: claims.map(decoder(ofClaims)), open: openOf(open) };
}

function openOf(found: Parameters<typeof runBackupsOf>[0]): readonly ListedRun[] {
  const rows = found.map(decoder(openRunsQuery({ kind: "all" })));
  return [...sortBy(rows, ["ageSeconds", "runId"])].reverse().flatMap(listedRun);
}
