import type { RestorePlan } from "../../../lib/planning/restore/restore-plan.ts";
import type { History, Model, ModelTable } from "../model.ts";
import type { Seen, SeenTable } from "../observe.ts";
import { dropKept } from "./cleanup.ts";
import { tableIn } from "./expect.ts";

/** What a restore has replaced, as far as that may be taken back. */
export interface PastRestore {
  readonly runId: string;
  /** When it was over, epoch seconds of the cluster. */
  readonly overAt: number;
  readonly keepSeconds: number;
  readonly tables: readonly PastTable[];
}

export interface PastTable {
  readonly table: string;
  /** The partitions that were replaced; undefined: the table was. */
  readonly only: readonly string[] | undefined;
  /** Id of what became live. */
  readonly liveId: string;
  /** Undefined: nothing was replaced, or it was not to be kept. */
  readonly kept: { readonly name: string; readonly id: string } | undefined;
  /** What was replaced. */
  readonly content: SeenTable | undefined;
  readonly model: ModelTable | undefined;
  readonly schemaChanges: number;
  /** Set when it was taken back. */
  readonly undone: boolean;
}

/** Seconds of the cluster's clock. */
export function clockOf({ cluster }: History): number {
  return (Date.now() + cluster.starrocks.cluster.knobs.clockOffsetMs) / 1000;
}

/** Ids of all tables by name, read past the product. */
export async function idsOf({ cluster, database }: History): Promise<ReadonlyMap<string, string>> {
  const rows = await cluster.client.rows(
    `SELECT TABLE_NAME t, TABLE_ID id FROM information_schema.tables_config WHERE TABLE_SCHEMA = '${database}'`,
  );
  return new Map(rows.map((row) => [String(row["t"]), String(row["id"])]));
}

/** Keeps in mind what a restore in place has replaced. */
export async function remember(
  { history, model, before }: { readonly history: History; readonly model: Model; readonly before: Seen },
  { runId, plan }: { readonly runId: string; readonly plan: RestorePlan },
): Promise<void> {
  const ids = await idsOf(history);
  const tables = plan.tables
    .filter(({ source }) => source === undefined)
    .map(({ table, strategy, only, replaces }) => {
      const keptId = ids.get(replaces?.keptAs ?? "");
      return {
        table,
        only: strategy === "partitions" ? only : undefined,
        liveId: ids.get(table) ?? "",
        kept: replaces && keptId !== undefined ? { name: replaces.keptAs, id: keptId } : undefined,
        content: tableIn(before, table),
        model: model.tables.get(table),
        schemaChanges: model.schemaChanges.get(table) ?? 0,
        undone: false,
      };
    });
  const { keepSeconds = 0 } = plan;
  model.restores.push({ runId, overAt: clockOf(history), keepSeconds, tables });
}

/** Not more than two restores keep tables: each costs a look at every step. */
export async function forgetOldest(history: History, model: Model): Promise<void> {
  const ids = await idsOf(history);
  const keeping = model.restores.filter((past) => past.tables.some(({ kept }) => ids.has(kept?.name ?? "")));
  for (const past of keeping.slice(0, -1)) await dropKept(history, past);
}
