import { literal } from "../starrocks/quote.ts";
import type { Catalog } from "./catalog.ts";
import { type BackupRecord, finishedOf, finishedQuery } from "./history.ts";
import { type InventoryEntry, inventoryOf, inventoryQuery } from "./inventory.ts";
import { decoder, type Readable } from "./sql/read.ts";
import { column } from "./sql/table.ts";
import { rowsTogether } from "./sql/together.ts";
import { backupHistory } from "./tables/backup-history.ts";

/** What the catalog knows that a backup is planned from. */
export interface Past {
  readonly inventory: readonly InventoryEntry[];
  /** Finished backups, oldest cut first. */
  readonly finished: Readable<BackupRecord>;
  /** Labels, of finished backups or not, that have the stamp somewhere in them. */
  readonly stamped: ReadonlySet<string>;
}

/**
 * Reads what a backup is planned from, in one statement.
 *
 * @param stamp of the labels that the backup will want: digits and underscores
 */
export async function readPast(catalog: Catalog, stamp: string): Promise<Past> {
  // An underscore stands for any character here: what is found beyond the stamp is no label that is wanted.
  const where = `${column(backupHistory, "label")} LIKE ${literal(`%${stamp}%`)}`;
  const ofStamp = { from: backupHistory, fields: ["label"], where } as const;
  const [inventory, finished, stamped] = await rowsTogether(
    catalog,
    [inventoryQuery, finishedQuery(), ofStamp],
    "read the inventory and the backup history",
  );
  return {
    inventory: inventoryOf(inventory),
    finished: finishedOf(finished),
    stamped: new Set(stamped.map(decoder(ofStamp)).map(({ label }) => label)),
  };
}
