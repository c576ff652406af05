import type { Catalog } from "../../catalog/catalog.ts";
import { openCatalog } from "../../catalog/open.ts";
import { openSession, type Session } from "../../starrocks/session.ts";
import type { ClusterSettings } from "./settings.ts";

/** Runs `work` over a session that is closed afterwards, whatever happens. */
export async function withSession<Result>(
  settings: ClusterSettings,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = await openSession(settings.address);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** Runs `work` over the cluster's catalog. @throws {BackupError} `CATALOG_MISSING` and what {@link openCatalog} says */
export async function withCatalog<Result>(
  settings: ClusterSettings,
  work: (catalog: Catalog) => Promise<Result>,
): Promise<Result> {
  return await withSession(
    settings,
    async (session) => await work(await openCatalog(session, settings.opsDatabase)),
  );
}
