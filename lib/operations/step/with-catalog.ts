import type { OpenedCatalog } from "../../catalog/catalog.ts";
import { openCatalog } from "../../catalog/open.ts";
import { openSession, type Session } from "../../starrocks/session.ts";
import { onCluster } from "./on-cluster.ts";
import type { ClusterSettings } from "./settings.ts";

/** Gives the catalog that knows the backups, which is another cluster's; it is opened when it is first asked for. */
export type BackupsCatalog = () => Promise<OpenedCatalog>;

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

/**
 * Runs `work` over the cluster's catalog.
 *
 * @param work gets the catalog of the backups as well where that is another cluster's
 * @throws {BackupError} `CATALOG_MISSING` and what {@link openCatalog} says
 */
export async function withCatalog<Result>(
  settings: ClusterSettings,
  work: (catalog: OpenedCatalog, backups: BackupsCatalog | undefined) => Promise<Result>,
): Promise<Result> {
  return await withSession(settings, async (session) => {
    const catalog = await catalogOver(session, settings);
    const { backupsOf } = settings;
    return backupsOf === undefined
      ? await work(catalog, undefined)
      : await withBackups(backupsOf, async (backups) => await work(catalog, backups));
  });
}

/** A step that need not look into the backups goes on while their cluster is out of reach. */
async function withBackups<Result>(
  settings: ClusterSettings,
  work: (backups: BackupsCatalog) => Promise<Result>,
): Promise<Result> {
  let session: Promise<Session> | undefined;
  try {
    return await work(async () => {
      session ??= openSession(settings.address);
      return await catalogOver(await session, settings);
    });
  } finally {
    await (await session?.catch(() => undefined))?.close();
  }
}

async function catalogOver(
  session: Session,
  { address, opsDatabase }: ClusterSettings,
): Promise<OpenedCatalog> {
  return await onCluster(address.called, async () => await openCatalog(session, opsDatabase));
}
