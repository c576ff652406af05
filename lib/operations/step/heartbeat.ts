import type { Catalog } from "../../catalog/catalog.ts";
import { beatRun } from "../../catalog/pulse.ts";
import type { Session } from "../../starrocks/session.ts";

const heartbeatMs = 60_000;

/** Whose signs of life a step gives. */
export interface Beating {
  readonly runId: string;
  /** Whether the first is due at once; one was given a moment ago otherwise, or there is nothing to keep alive. */
  readonly isDue: boolean;
}

/**
 * Gives signs of life of a run, the first at once, and every minute while a step works for it: one statement (a merge, a count) can
 * take longer than a slot lives. A second connection beats then, since the first is busy; it is opened when it is needed.
 */
export async function whileBeating<Result>(
  catalog: Catalog,
  { runId, isDue }: Beating,
  work: () => Promise<Result>,
): Promise<Result> {
  if (isDue) await beatRun(catalog, runId);
  let second: Promise<Session> | undefined;
  const beat = async () => {
    second ??= catalog.session.another();
    await beatRun({ ...catalog, session: await second }, runId);
  };
  const timer = setInterval(() => {
    beat().catch((error: unknown) => {
      // A missed beat is made up for by the next, over a new connection; a slot that is lost is found out by the next step.
      second = undefined;
      console.error(error instanceof Error ? error.message : String(error));
    });
  }, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await second?.then((session) => session.close()).catch((error: unknown) => console.error(String(error)));
  }
}
