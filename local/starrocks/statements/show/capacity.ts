import type { Cluster } from "../../engine/cluster.ts";

const units = ["B", "KB", "MB", "GB", "TB"] as const;

/** `99.998 GB`: units of 1,024, three decimals (§16). */
function capacityText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${(bytes / 1024 ** power).toFixed(3)} ${units[power]}`;
}

const percent = (part: number, of: number): string => `${(of > 0 ? (part * 100) / of : 0).toFixed(2)} %`;

/** What SHOW BACKENDS says of the disks of one backend: tablets lie on all of them alike. */
export function capacityCells(cluster: Cluster) {
  const total = cluster.knobs.diskBytes;
  const used = total === 0 ? 0 : Math.round(storedBytes(cluster) / cluster.options.backends);
  // The FE begins to add up at one byte, so that nothing has been reported shows as 1 B.
  const available = 1 + Math.max(0, total - used);
  return {
    DataUsedCapacity: capacityText(used),
    AvailCapacity: capacityText(available),
    TotalCapacity: capacityText(total),
    UsedPct: percent(total - available, total),
    MaxDiskUsedPct: percent(used, total),
    DataTotalCapacity: capacityText(total),
    DataUsedPct: percent(used, total),
  };
}

/** Of all replicas. */
function storedBytes({ catalog }: Cluster): number {
  return catalog
    .allTables()
    .flatMap((table) => catalog.partitions(table.id).all())
    .reduce(
      (sum, partition) =>
        sum +
        partition.replicationNum * partition.physical.reduce((bytes, physical) => bytes + physical.bytes, 0),
      0,
    );
}
