import { BackupError } from "../errors.ts";
import { StarRocksFault } from "../starrocks/fault.ts";
import type { Session } from "../starrocks/session.ts";
import type { Catalog } from "./catalog.ts";
import { catalogVersion } from "./migrations.ts";
import { select } from "./sql/read.ts";
import { column } from "./sql/table.ts";
import { schemaMigrations } from "./tables/schema-migrations.ts";

/**
 * The catalog of a cluster, ready for use.
 *
 * @throws {BackupError} `CATALOG_MISSING` before `init` has run, `CATALOG_OUTDATED` when this code is newer,
 * `CATALOG_NEWER` when the catalog is.
 */
export async function openCatalog(session: Session, database: string): Promise<Catalog> {
  const catalog: Catalog = { session, database };
  const version = await readVersion(catalog);
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
  return catalog;
}

async function readVersion(catalog: Catalog): Promise<number> {
  try {
    const newest = `max(${column(schemaMigrations, "version")})`;
    const [row] = await select(
      catalog,
      { from: schemaMigrations, fields: [], computed: { newest } },
      "read the catalog's version",
    );
    return row?.newest ?? 0;
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
