import type { Catalog } from "../../catalog/catalog.ts";
import {
  type BackupRecord,
  type LeftOut,
  readRunBackups,
  recordContents,
  recordLeftOut,
} from "../../catalog/history.ts";
import { readManifest, removeTables } from "../../catalog/manifest.ts";

/**
 * Takes tables out of a restore point: out of the manifest and out of those of the run's later parts, which stand on
 * it. They are named first, so that nothing is left out silently by a step that dies in between. May be repeated.
 */
export async function leaveOut(
  catalog: Catalog,
  record: BackupRecord,
  leftOut: readonly LeftOut[],
  tables: readonly string[],
): Promise<void> {
  if (leftOut.length > 0) await recordLeftOut(catalog, record, leftOut);
  const later = (await readRunBackups(catalog, record.runId)).filter(
    (each) => each.database === record.database && each.part > record.part,
  );
  for (const part of later) {
    if (tables.length > 0) await removeTables(catalog, part.label, tables);
    await recount(catalog, part);
  }
  if (tables.length > 0) await removeTables(catalog, record.label, tables);
  await recount(catalog, record);
}

/** Brings the counts of the row in line with its manifest. */
export async function recount(catalog: Catalog, record: BackupRecord): Promise<void> {
  const { tables, partitions } = await readManifest(catalog, record.label);
  const held = partitions.filter((each) => each.presence === "held");
  await recordContents(catalog, record.label, {
    tables: tables.length,
    partitions: held.length,
    rows: held.reduce((sum, each) => sum + each.rows, 0),
    bytes: held.reduce((sum, each) => sum + each.bytes, 0),
  });
}
