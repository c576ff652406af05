import { CanceledRun } from "../cancel.ts";

/**
 * The workers of a Windmill: each runs one job at a time, and the other jobs wait in line. A flow that sleeps or waits
 * for an approval or a retry holds none. Runs that are given the same workers compete for them.
 *
 * @example
 * const workers = new Workers(1);
 * await Promise.all([runFlow("backup", input, { workers }), runScript("cancel", {}, { workers })]);
 */
export class Workers {
  #free: number;
  readonly #line: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** @throws {CanceledRun} when `cancel` is given while the job waits. */
  async hold<Result>(cancel: AbortSignal, job: () => Promise<Result>): Promise<Result> {
    await this.#take(cancel);
    try {
      return await job();
    } finally {
      this.#leave();
    }
  }

  async #take(cancel: AbortSignal): Promise<void> {
    if (cancel.aborted) throw new CanceledRun();
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        cancel.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#line.splice(this.#line.indexOf(turn), 1);
        reject(new CanceledRun());
      };
      cancel.addEventListener("abort", giveUp, { once: true });
      this.#line.push(turn);
    });
  }

  #leave(): void {
    const next = this.#line.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
