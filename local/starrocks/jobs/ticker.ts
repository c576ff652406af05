import type { Cluster } from "../engine/cluster.ts";
import { configValue } from "../engine/frontend-config.ts";
import { InternalError, isDone, type Job, JobFailure, type Status } from "../metadata/job.ts";
import { RepositoryFiles } from "../repository/repository.ts";
import { backupStep, releaseSnapshots } from "./backup-steps.ts";
import { applyJobKnobs } from "./job-knobs.ts";
import { schedulePartitions } from "./partition-scheduler.ts";
import { restoreStep, undoRestore } from "./restore-steps.ts";

/** Old jobs are cleaned about every four hours (§3.3). */
const cleaningMs = 14_400_000;

/** The leader's one loop over all jobs: at most one state step per job and tick (§2.1). */
export class Ticker {
  readonly #cluster: Cluster;
  readonly #every: number;
  readonly #logged = new Set<string>();
  #cleanedAt = 0;
  #scheduledAt = 0;
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
    await this.#clean();
    await this.#schedule();
    for (const { dbId } of this.#cluster.jobs.all()) if (!(await this.#tickOne(dbId))) return;
  }

  /** §2.3: an exception is logged only, the other jobs of this tick are skipped, and the step is repeated. */
  async #tickOne(dbId: number): Promise<boolean> {
    try {
      const problem = await this.#cluster.change(async () => {
        const job = this.#cluster.jobs.of(dbId);
        return job && !isDone(job) ? step(this.#cluster, job) : undefined;
      });
      if (problem) this.#log(problem);
      const { knobs } = this.#cluster;
      if (knobs.restartAt !== undefined && this.#cluster.jobs.of(dbId)?.state === knobs.restartAt) {
        knobs.restartAt = undefined;
        await this.#cluster.restart();
        return false;
      }
      return !problem;
    } catch (error) {
      this.#log(error);
      return false;
    }
  }

  /** Once for every text: a step may be repeated for a day. */
  #log(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (this.#logged.has(text)) return;
    this.#logged.add(text);
    process.stderr.write(`backup-handler: ${text}\n`);
  }

  async #clean(): Promise<void> {
    const cluster = this.#cluster;
    const now = cluster.now();
    if (Math.abs(now - this.#cleanedAt) < cleaningMs) return;
    this.#cleanedAt = now;
    await cluster.change(async () => cluster.jobs.forgetOld(cluster.catalog, now));
  }

  /** A daemon of its own in the FE: when it starts, and then at its interval. */
  async #schedule(): Promise<void> {
    const cluster = this.#cluster;
    const every = Number(configValue(cluster, "dynamic_partition_check_interval_seconds")) * 1000;
    const now = cluster.now();
    if (Math.abs(now - this.#scheduledAt) < every) return;
    this.#scheduledAt = now;
    await schedulePartitions(cluster);
  }

  /**
   * Deletes what its ttl ended for, of this cluster's own snapshots (§5). How often the leader does so is not verified:
   * here whoever wants it calls it.
   */
  async expireSnapshots(): Promise<void> {
    const cluster = this.#cluster;
    await cluster.change(async () => {
      for (const repository of cluster.repositories.values()) {
        if (repository.readOnly) continue;
        const files = new RepositoryFiles(cluster.options.repositories, repository);
        for (const label of files.labels()) {
          const { clusterId, expireTime = Number.POSITIVE_INFINITY } = files.readMeta(label) ?? {};
          const used = cluster.jobs
            .all()
            .some((job) => job.repository === repository.name && job.label === label && !isDone(job));
          if (clusterId === cluster.clusterId && expireTime <= cluster.now() && !used) files.remove(label);
        }
      }
    });
  }
}

/** The exception that interrupted the step, if one did. */
async function step(cluster: Cluster, job: Job): Promise<InternalError | undefined> {
  cluster.catalog.touch("job", job.id);
  try {
    if (cluster.now() - job.createTime > job.timeoutMs) {
      const message = job.kind === "restore" ? `restore job with label: ${job.label}  timeout.` : "";
      throw new JobFailure("TIMEOUT", message);
    }
    if (applyJobKnobs(cluster, job) === "stand still") return undefined;
    if (job.kind === "backup") job.state = await backupStep(cluster, job);
    else job.state = await restoreStep(cluster, job);
    if (isDone(job)) job.finishedTime = cluster.now();
  } catch (error) {
    if (error instanceof InternalError) return error;
    if (!(error instanceof JobFailure)) throw error;
    await cancelJob(cluster, job, error.status);
  }
  return undefined;
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
