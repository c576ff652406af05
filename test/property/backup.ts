import fc from "fast-check";
import { BackupError } from "../../lib/errors.ts";
import { backupPlanner } from "../../lib/operations/backup/planner.ts";
import { planRun } from "../../lib/operations/run/plan.ts";
import { startRun } from "../../lib/operations/run/poll.ts";
import { reportRun } from "../../lib/operations/run/report.ts";
import type { TypePolicy } from "../../lib/planning/backup/baseline.ts";
import { silent } from "../support/silent.ts";
import { type ChosenChange, chosenChange, describeChange, runChange } from "./changes.ts";
import { wholeJob } from "./cluster.ts";
import {
  expectExactlyTheChanges,
  expectedState,
  expectManifestsToBeTrue,
  expectSmallJobs,
  type SeenRun,
} from "./expect-backup.ts";
import { type History, type Model, observeGroup } from "./model.ts";
import type { Seen } from "./observe.ts";
import { expectTidy } from "./tidy.ts";

/** A backup to make, and what the business does meanwhile. */
export interface ChosenBackup {
  readonly policy: TypePolicy;
  readonly maxPartitionsPerJob: number;
  /** Seconds that pass before it. Labels and cuts have seconds only. */
  readonly seconds: number;
  /** Lands after the partitions were listed, before BACKUP is sent. */
  readonly beforeSubmit: ChosenChange | undefined;
  /** Lands after BACKUP was sent, before StarRocks fixes the versions. */
  readonly beforeCut: ChosenChange | undefined;
  /** Lands after StarRocks fixed the versions, before the job ends. */
  readonly afterCut: ChosenChange | undefined;
}

const sometimes = fc.option(chosenChange, { freq: 6, nil: undefined });

function policy(type: TypePolicy["type"], baseline?: string, maxChain?: number): TypePolicy {
  return { type, baseline, fullEverySeconds: undefined, maxChain };
}

export const plainFull: ChosenBackup = {
  policy: policy("full"),
  maxPartitionsPerJob: 1000,
  seconds: 0,
  beforeSubmit: undefined,
  beforeCut: undefined,
  afterCut: undefined,
};

export const chosenBackup: fc.Arbitrary<ChosenBackup> = fc.record({
  policy: fc.oneof(
    { weight: 1, arbitrary: fc.constant(policy("full")) },
    { weight: 4, arbitrary: fc.constant(policy("incremental")) },
    { weight: 4, arbitrary: fc.constant(policy("incremental", "latest")) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }).map((max) => policy("auto", "latest", max)) },
  ),
  maxPartitionsPerJob: fc.constantFrom(1000, 1000, 1000, 4, 2),
  seconds: fc.constantFrom(0, 1, 2, 60),
  beforeSubmit: sometimes,
  beforeCut: sometimes,
  afterCut: sometimes,
});

export function describeBackup(chosen: ChosenBackup): string {
  const { type, baseline, maxChain } = chosen.policy;
  const during = (["beforeSubmit", "beforeCut", "afterCut"] as const).flatMap((when) => {
    const change = chosen[when];
    return change === undefined ? [] : [`${when}: ${describeChange(change)}`];
  });
  const what = [type, baseline, maxChain === undefined ? undefined : `max_chain ${maxChain}`];
  return `backup(${what.filter((each) => each !== undefined).join(" ")}, max ${chosen.maxPartitionsPerJob}, +${chosen.seconds} s${during.map((each) => `, ${each}`).join("")})`;
}

/** Makes the backup and holds it to what the history says it must hold. */
export async function runBackup(history: History, model: Model, chosen: ChosenBackup): Promise<void> {
  history.cluster.passSeconds(chosen.seconds);
  if (![...model.tables.keys()].some((name) => history.inGroup.has(name))) return;
  const planned = await observeGroup(history);
  const tables = new Map(model.tables);
  const schemaChanges = new Map(model.schemaChanges);
  const { runId, plan } = await planRun(
    history.cluster.settings,
    backupPlanner({
      group: history.group,
      policy: chosen.policy,
      maxPartitionsPerJob: chosen.maxPartitionsPerJob,
      name: undefined,
      repository: undefined,
      dryRun: false,
    }),
    silent,
  );
  const label = plan.snapshots.at(-1)?.label ?? "";
  history.log.push(`-- ${describeBackup(chosen)}: ${plan.snapshots.map((each) => each.label).join(", ")}`);
  const instants = [planned];
  const finished = plan.nothingToDo || (await work({ history, model, instants }, chosen, String(runId)));
  const rows = await expectTidy(history);
  if (!finished) return;
  const seen: SeenRun = {
    label,
    labels: plan.snapshots.map((each) => each.label),
    nothingToDo: plan.nothingToDo,
    ...{ instants, planned },
    disturbed: instants.length > 1,
    maxPartitionsPerJob: chosen.maxPartitionsPerJob,
  };
  expectExactlyTheChanges(model, rows, seen);
  expectSmallJobs(rows, seen);
  await expectManifestsToBeTrue(history, rows, seen);
  const state = expectedState(model, rows, seen);
  // A table that was replaced by one of another kind meanwhile may be either in the snapshot.
  const known = [...tables].filter(
    ([name, { shape }]) => model.tables.get(name)?.shape === shape || !seen.disturbed,
  );
  const type = rows.history.get(label)?.type === "full" ? "full" : "incremental";
  model.points.push({
    ...{ label, planned, state, schemaChanges, type },
    tables: new Map(known),
    disturbed: seen.disturbed,
  });
}

/** A history under way, with what was seen at each instant of a run. */
interface Watched {
  readonly history: History;
  readonly model: Model;
  readonly instants: Seen[];
}

/** Polls the run to its end, with changes in between. Gives false where one of them made it fail. */
async function work(
  { history, model, instants }: Watched,
  chosen: ChosenBackup,
  runId: string,
): Promise<boolean> {
  const { cluster } = history;
  let structural = false;
  const disturb = async (change: ChosenChange | undefined) => {
    if (change === undefined || !(await runChange(history, model, change))) return;
    history.log.push(`-- in the middle of ${runId}`);
    instants.push(await observeGroup(history));
    structural ||= change.change.structural;
  };
  await disturb(chosen.beforeSubmit);
  for (let job = 0; job < 100; job++) {
    const poll = await startRun(cluster.settings, { runId, planHash: undefined }, silent);
    if (poll.done) return await finishedOrExcused(history, runId, structural);
    if (job === 0) await disturb(chosen.beforeCut);
    const label = await submitted(history);
    const cut = instants.at(-1);
    if (label !== undefined && cut !== undefined) model.snapshots.set(label, cut);
    await cluster.ticks(1);
    if (job === 0) await disturb(chosen.afterCut);
    // Here the product sees that the versions are fixed; without, it looks again when all is over.
    if (chosen.afterCut !== undefined)
      await startRun(cluster.settings, { runId, planHash: undefined }, silent);
    await cluster.ticks(wholeJob);
  }
  throw new Error(`run ${runId} does not end`);
}

/** The job whose versions the next tick fixes. */
async function submitted({ cluster, database }: History): Promise<string | undefined> {
  const [row] = await cluster.client.rows(`SHOW BACKUP FROM ${database}`);
  return row?.["State"] === "PENDING" ? String(row["SnapshotName"]) : undefined;
}

/** A table or partition that vanishes in the middle may fail the run, which then says so. */
async function finishedOrExcused(history: History, runId: string, structural: boolean): Promise<boolean> {
  try {
    await reportRun(history.cluster.settings, { runId, planHash: undefined }, silent);
    return true;
  } catch (error) {
    if (!structural || !(error instanceof BackupError) || error.code !== "BACKUP_FAILED") throw error;
    history.log.push(`-- failed: ${error.message}`);
    return false;
  }
}
