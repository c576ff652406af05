import type { ErrorText } from "../errors.ts";
import { literal } from "../starrocks/quote.ts";
import { count, text } from "../starrocks/row.ts";
import { at, type Catalog } from "./catalog.ts";

/*
 * The pulse of a run: its last sign of life, and what it waits for since when. Each is a row of the catalog, since a
 * worker keeps nothing; the FE's clock is the only one that counts.
 */

/** The longest text that is kept of what a run waits for. */
const longestReason = 1000;

/** A pulse is a version of a tablet of the catalog, so one that says nothing new is given no oftener. */
const beatEverySeconds = 20;

/**
 * Gives a sign of life and remembers what the run waits for.
 *
 * @param reason what is waited for; empty for nothing
 * @returns for how many seconds the run has waited for just that, by the FE's clock
 */
export async function recordPulse(catalog: Catalog, runId: string, reason: string): Promise<number> {
  const kept = reason.slice(0, longestReason);
  const [row] = await catalog.session.query(
    `SELECT coalesce(waiting_for, '') AS waiting_for,
            unix_timestamp(now()) - unix_timestamp(waiting_since) AS waiting_seconds,
            coalesce(unix_timestamp(now()) - unix_timestamp(heartbeat_at), ${beatEverySeconds}) AS silent_seconds
     FROM ${at(catalog, "runs")} WHERE run_id = ${literal(runId)}`,
    `read the pulse of run ${runId}`,
  );
  const isNew = row === undefined || text(row, "waiting_for") !== kept;
  if (isNew || count(row, "silent_seconds") >= beatEverySeconds) {
    const waiting = isNew ? `, waiting_for = ${literal(kept)}, waiting_since = now()` : "";
    await beat(catalog, runId, waiting);
  }
  return isNew ? 0 : count(row, "waiting_seconds");
}

/** A sign of life of a run while a step of it works, and of the slots it holds. */
export async function beatRun(catalog: Catalog, runId: string): Promise<void> {
  await beat(catalog, runId, "");
  await catalog.session.execute(
    `UPDATE ${at(catalog, "run_status")} SET heartbeat_at = now()
     WHERE run_id = ${literal(runId)} AND state = 'ACTIVE'`,
    "renew the job slots",
  );
}

/** An UPDATE may write the whole row it has read: one that had read PLANNED would take an approval back. */
async function beat(catalog: Catalog, runId: string, more: string): Promise<void> {
  await catalog.session.execute(
    `UPDATE ${at(catalog, "runs")} SET heartbeat_at = now()${more}
     WHERE run_id = ${literal(runId)} AND state = 'RUNNING'`,
    `give a sign of life of run ${runId}`,
  );
}

/**
 * Marks an open run as given up, before anything is done about it: whoever carries it on sees the mark and begins nothing
 * new, and whoever meets it may record its end at once.
 */
export async function markGivenUp(catalog: Catalog, runId: string, error: ErrorText): Promise<void> {
  await catalog.session.execute(
    `UPDATE ${at(catalog, "runs")} SET heartbeat_at = '1970-01-01 00:00:00', error_code = ${literal(error.code)},
            error_message = ${literal(error.message)}, error_next = ${literal(error.next)}
     WHERE run_id = ${literal(runId)} AND state IN ('PLANNED', 'RUNNING')`,
    `give run ${runId} up`,
  );
}
