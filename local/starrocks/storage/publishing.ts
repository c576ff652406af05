import { SqlError } from "../basics/errors.ts";
import type { Partition, Table } from "../metadata/model.ts";
import { recount } from "./apply.ts";
import type { Routed } from "./route.ts";
import type { StorageHost } from "./storage-host.ts";

/** What a load's OK packet says (starrocks.md §14.2): COMMITTED is durable, and not visible yet. */
export type LoadStatus = "VISIBLE" | "COMMITTED";

type Committed = Readonly<{
  tableId: number;
  apply: () => Promise<void>;
  /** The version each physical partition gets. */
  versions: ReadonlyMap<number, number>;
  time: number;
}>;

/** The step between commit and visibility. Normally nothing waits here; tests can hold it back. */
export class Publishing {
  /** Off: versions pile up in tablets until loads fail. */
  compaction = true;
  /** Versions a tablet may have without compaction: the BE's tablet_max_versions. */
  maxVersions = 1000;
  readonly #cluster: StorageHost;
  #held = false;
  #waiting: Committed[] = [];
  readonly #uncompacted = new Map<number, number>();

  constructor(cluster: StorageHost) {
    this.#cluster = cluster;
  }

  /** From now on loads end COMMITTED. */
  hold(): void {
    this.#held = true;
  }

  /** Publishes what waits, in the order of commits. */
  async release(): Promise<void> {
    this.#held = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    await this.#cluster.change(async () => {
      for (const committed of waiting) await this.#publish(committed);
    });
  }

  /** One transaction of routed rows: +1 on every partition touched, at the time of the commit (§9.4). */
  async commit(
    table: Table,
    routed: Pick<Routed, "touched">,
    apply: () => Promise<void>,
  ): Promise<LoadStatus> {
    this.#checkVersions(routed.touched);
    const versions = new Map<number, number>();
    // A version that is missing below makes a load wait for ever: a gap of §6.7.
    let gap = false;
    for (const partition of routed.touched) {
      const [physical] = partition.physical;
      if (!physical) continue;
      gap ||= physical.nextVersion !== physical.visibleVersion + 1;
      versions.set(physical.id, physical.nextVersion);
      physical.nextVersion += 1;
      this.#cluster.catalog.touch("partition", partition.id);
    }
    const committed = { tableId: table.id, apply, versions, time: this.#cluster.now() };
    if (this.#held || gap) {
      this.#waiting.push(committed);
      return "COMMITTED";
    }
    await this.#publish(committed);
    return "VISIBLE";
  }

  async #publish({ tableId, apply, versions, time }: Committed): Promise<void> {
    const { catalog } = this.#cluster;
    const table = catalog.relationById(tableId);
    if (table?.kind !== "table") return;
    const partitions = catalog
      .partitions(tableId)
      .all()
      .filter((partition) => partition.physical.some((physical) => versions.has(physical.id)));
    await apply();
    for (const partition of partitions) {
      for (const physical of partition.physical) {
        const version = versions.get(physical.id);
        if (version === undefined) continue;
        physical.visibleVersion = version;
        physical.dataVersion = version;
        physical.visibleVersionTime = time;
      }
      catalog.touch("partition", partition.id);
    }
    await recount(this.#cluster, table, partitions);
  }

  #checkVersions(partitions: readonly Partition[]): void {
    if (this.compaction) {
      this.#uncompacted.clear();
      return;
    }
    for (const { id } of partitions.flatMap((partition) => partition.physical.slice(0, 1))) {
      const count = (this.#uncompacted.get(id) ?? 0) + 1;
      if (count > this.maxVersions)
        throw new SqlError(
          `Failed to load data into tablet ${id + 1}, because of too many versions, current/limit: ${count}/${this.maxVersions}. You can reduce the loading job concurrency, or increase loading data batch size. If you are loading data with Routine Load, you can increase FE configs routine_load_task_consume_second and max_routine_load_batch_size,`,
        );
      this.#uncompacted.set(id, count);
    }
  }
}
