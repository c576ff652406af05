/** How far a job of StarRocks is, by its state; copying takes nearly all of the time. */
const byState: ReadonlyMap<string, number> = new Map([
  ["PENDING", 2],
  ["SNAPSHOTING", 5],
  ["UPLOAD_SNAPSHOT", 10],
  ["UPLOADING", 15],
  ["SAVE_META", 95],
  ["UPLOAD_INFO", 97],
  ["DOWNLOAD", 10],
  ["DOWNLOADING", 15],
  ["COMMIT", 90],
  ["COMMITTING", 95],
]);

/**
 * Percentage of a job.
 *
 * @param progress `[12: 3/4], [13: 1/4]`: finished and total of the tasks that have reported
 */
export function jobPercent(state: string, progress: string): number {
  const from = byState.get(state) ?? 0;
  const fraction = taskFraction(progress);
  return fraction === undefined ? from : Math.round(from + (90 - from) * fraction);
}

/** How much of a job's tasks is done, 0 to 1; undefined while none has reported. */
export function taskFraction(progress: string): number | undefined {
  const tasks = [...progress.matchAll(/\[\d+: (\d+)\/(\d+)\]/g)];
  const total = tasks.reduce((sum, task) => sum + Number(task[2]), 0);
  return total === 0 ? undefined : tasks.reduce((sum, task) => sum + Number(task[1]), 0) / total;
}

/** Mean of the parts of a run, 0 to 100. */
export function meanPercent(parts: readonly number[]): number {
  return parts.length === 0 ? 100 : Math.round(parts.reduce((sum, part) => sum + part, 0) / parts.length);
}
