import type { ClusterAddress } from "../../starrocks/session.ts";

/** What a step knows of its cluster. */
export interface ClusterSettings {
  readonly address: ClusterAddress;
  /** Repository to use where a run names none. */
  readonly repository: string | undefined;
  /** Database that holds the catalog. */
  readonly opsDatabase: string;
  /** The cluster whose catalog knows the backups, where they are restored into another; undefined: it is the same. */
  readonly backupsOf?: ClusterSettings;
}
