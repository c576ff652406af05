import { BackupError } from "../errors.ts";
import { secondsLater } from "../instants.ts";
import { StarRocksFault } from "../starrocks/fault.ts";
import { clockColumns, clockOf, type ServerClock } from "../starrocks/observe/clock.ts";
import { count } from "../starrocks/row.ts";
import type { Session } from "../starrocks/session.ts";
import { at, type Catalog, type OpenedCatalog } from "./catalog.ts";
import { catalogVersion } from "./migrations.ts";
import { column } from "./sql/table.ts";
import { schemaMigrations } from "./tables/schema-migrations.ts";

/**
 * The catalog of a cluster, ready for use.
 *
 * @throws {BackupError} `CATALOG_MISSING` before `init` has run, `CATALOG_OUTDATED` when this code is newer,
 * `CATALOG_NEWER` when the catalog is.
 */
export async function openCatalog(session: Session, database: string): Promise<OpenedCatalog> {
  const catalog: Catalog = { session, database };
  const since = performance.now();
  const { version, clock } = await readVersion(catalog);
  if (version < catalogVersion) {
    throw new BackupError({
      code: "CATALOG_OUTDATED",
      message: `The catalog ${database} has version ${version}; this release needs ${catalogVersion}.`,
      next: "Run the init script.",
    });
  }
  if (version > catalogVersion) {
    throw new BackupError({
      code: "CATALOG_NEWER",
      message: `The catalog ${database} has version ${version}; this release knows ${catalogVersion}.`,
      next: "Deploy the newer release of the workspace.",
    });
  }
  return { ...catalog, opened: clock, clock: () => secondsLater(clock.now, secondsSince(since) + 1) };
}

function secondsSince(instant: number): number {
  return Math.floor((performance.now() - instant) / 1000);
}

async function readVersion(
  catalog: Catalog,
): Promise<{ readonly version: number; readonly clock: ServerClock }> {
  try {
    const version = `max(${column(schemaMigrations, "version")}) AS newest`;
    const [row = {}] = await catalog.session.query(
      `SELECT ${version}, ${clockColumns} FROM ${at(catalog, schemaMigrations)}`,
      "read the catalog's version",
    );
    return { version: count(row, "newest"), clock: clockOf(row) };
  } catch (error) {
    const absent =
      error instanceof StarRocksFault && ["unknown-database", "unknown-table"].includes(error.kind);
    if (!absent) throw error;
    throw new BackupError({
      code: "CATALOG_MISSING",
      message: `There is no catalog in database ${catalog.database}.`,
      next: "Run the init script once, then run this again.",
    });
  }
}
