import * as windmill from "windmill-client";
import type { Progress } from "../operations/step/progress.ts";

/** Lines go to the job's log, percentages to its progress bar. */
export const progress: Progress = {
  say: (line) => console.log(line),
  async percent(done) {
    // Outside a job (tests, a terminal) there is no bar; Windmill itself takes 0 to 99 and never goes back.
    if (!process.env["WM_JOB_ID"]) return;
    // A bar that does not move is no reason to stop a backup.
    await windmill
      .setProgress(Math.min(99, done))
      .catch((error: unknown) => console.error(`No progress bar: ${String(error)}`));
  },
};
