import type { Cluster } from "../cluster.ts";
import { backupStep, releaseSnapshots } from "./backup-steps.ts";
import { isDone, type Job, JobFailure, type Status } from "./job.ts";
import { restoreStep, undoRestore } from "./restore-steps.ts";

/** The leader's one loop over all jobs: at most one state step per job and tick (§2.1). */
export class Ticker {
  readonly #cluster: Cluster;
  readonly #every: number;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> = Promise.resolve();

  constructor(cluster: Cluster, every: number) {
    this.#cluster = cluster;
    this.#every = every;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#ticking = this.#ticking.then(() => this.tick());
    }, this.#every);
  }

  /** Jobs stand still until `start`; `tick` still does one by hand. */
  async pause(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#ticking;
  }

  async tick(): Promise<void> {
    const { jobs } = this.#cluster;
    for (const { dbId } of jobs.all()) {
      try {
        await this.#cluster.change(async () => {
          const job = jobs.of(dbId);
          if (job && !isDone(job)) await step(this.#cluster, job);
        });
      } catch (error) {
        // §2.3: an exception is logged only, the other jobs of this tick are skipped, and the step is repeated.
        process.stderr.write(
          `backup-handler: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
        );
        return;
      }
    }
  }
}

async function step(cluster: Cluster, job: Job): Promise<void> {
  cluster.catalog.touch("job", job.id);
  try {
    if (cluster.now() - job.createTime > job.timeoutMs) {
      const message = job.kind === "restore" ? `restore job with label: ${job.label}  timeout.` : "";
      throw new JobFailure("TIMEOUT", message);
    }
    cluster.knobs.failStep?.(job);
    if (job.kind === "backup") job.state = await backupStep(cluster, job);
    else job.state = await restoreStep(cluster, job);
    if (isDone(job)) job.finishedTime = cluster.now();
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
    await cancelJob(cluster, job, error.status);
  }
}

/** Ends a job as CANCELLED; a backup's content in the repository is not cleaned (§2.4). */
export async function cancelJob(cluster: Cluster, job: Job, status: Status): Promise<void> {
  if (job.kind === "restore") await undoRestore(cluster, job);
  else releaseSnapshots(cluster, job);
  job.state = "CANCELLED";
  job.status = status;
  job.finishedTime = cluster.now();
  cluster.catalog.touch("job", job.id);
}
