import type { Catalog } from "./catalog.ts";
import type { Job } from "./job.ts";

const keepMs = 604_800_000;

/** The latest job of every database: a newer one, of either kind, takes the older one's place (§3.3). */
export class Jobs {
  readonly #byDatabase = new Map<number, Job>();

  of(dbId: number): Job | undefined {
    return this.#byDatabase.get(dbId);
  }

  all(): Job[] {
    return [...this.#byDatabase.values()];
  }

  byId(id: number): Job | undefined {
    return this.all().find((job) => job.id === id);
  }

  put(catalog: Catalog, job: Job): void {
    const former = this.#byDatabase.get(job.dbId);
    if (former) catalog.touch("job", former.id);
    this.#byDatabase.set(job.dbId, job);
    catalog.touch("job", job.id);
  }

  /** Done for longer than `history_job_keep_max_second`: forgotten (§3.3). */
  forgetOld(catalog: Catalog, now: number): void {
    for (const job of this.all()) {
      if (job.finishedTime === null || now - job.finishedTime <= keepMs) continue;
      this.#byDatabase.delete(job.dbId);
      catalog.touch("job", job.id);
    }
  }

  /** After a restart, steps that live only in memory are done again (§2.1, §2.3, §7). */
  adopt(job: Job, restart: boolean): void {
    if (restart) redo(job);
    this.#byDatabase.set(job.dbId, job);
  }
}

function redo(job: Job): void {
  if (job.state === "SNAPSHOTING") {
    job.state = "PENDING";
    job.jobId = -1;
    if (job.kind === "restore") job.redo = true;
  } else if (job.kind === "backup" && job.state === "UPLOADING") job.state = "UPLOAD_SNAPSHOT";
  else if (job.kind === "restore" && job.state === "DOWNLOADING") job.state = "DOWNLOAD";
  else if (job.kind === "restore" && job.state === "COMMITTING") job.state = "COMMIT";
}
