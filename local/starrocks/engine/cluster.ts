import { Mutex } from "../basics/mutex.ts";
import type { StarRocksVersion } from "../basics/versions.ts";
import { Duck } from "../duckdb/duck.ts";
import { Accounts } from "../metadata/accounts.ts";
import { Catalog } from "../metadata/catalog.ts";
import { IdIntervals } from "../metadata/id-intervals.ts";
import type { Job } from "../metadata/job.ts";
import { Jobs } from "../metadata/jobs.ts";
import type { PhysicalPartition } from "../metadata/model.ts";
import type { Account } from "../metadata/privileges.ts";
import { RecycleBin, type Recycled } from "../metadata/recycle-bin.ts";
import { type RoutineLoad, RoutineLoads } from "../metadata/routine-loads.ts";
import type { Repository } from "../metadata/snapshot.ts";
import { LoadTransactions } from "../storage/load-transaction.ts";
import { Publishing } from "../storage/publishing.ts";
import { Store } from "../storage/store.ts";
import { Faults } from "./faults.ts";
import type { Knobs } from "./knobs.ts";
import type { Connections } from "./session.ts";

export type ClusterOptions = Readonly<{
  dir: string | undefined;
  /** Folder that stands for the object store. */
  repositories: string;
  /** Where backends keep snapshots between their steps. */
  staging: string;
  version: StarRocksVersion;
  backends: number;
  /** (Default: none) */
  rootPassword?: string;
}>;

/** One cluster: its metadata, its rows, its clock. Everything that changes them goes through `change`. */
export class Cluster {
  readonly options: ClusterOptions;
  readonly duck: Duck;
  readonly #lock = new Mutex();
  catalog = new Catalog();
  jobs = new Jobs();
  repositories = new Map<string, Repository>();
  accounts: Accounts;
  recycleBin = new RecycleBin();
  routineLoads = new RoutineLoads();
  readonly knobs: Knobs = {
    nextVersionGap: 0,
    failStep: undefined,
    failJob: undefined,
    stallJob: undefined,
    restartAt: undefined,
    follower: false,
    clockOffsetMs: 0,
    submitLockHeld: false,
    staleStatistics: false,
    diskBytes: 100 * 2 ** 30,
    showTimesInUtc8: false,
  };
  /** What is done to statements on their way; see `faults.ts`. */
  readonly faults = new Faults();
  readonly transactions = new LoadTransactions();
  readonly idIntervals = new IdIntervals();
  readonly publishing: Publishing;
  readonly store: Store;
  /** Backends that are down; a replica needs one alive (§14.1). */
  readonly deadBackends = new Set<number>();
  /** What ADMIN SET FRONTEND CONFIG set; a restart forgets it. */
  readonly frontendConfig = new Map<string, string>();
  /** Tells clusters that share a repository apart; kept with the metadata. */
  clusterId = "";
  readonly startedAt = Date.now();
  /** What SET GLOBAL has given every later session. */
  readonly globalVariables = new Map<string, string>();
  /** Address of every frontend. */
  host = "127.0.0.1";
  /** Query ports of the FEs; one of them leads, the others forward to it (§15). */
  frontendPorts: number[] = [];
  leader = 0;
  /** The connections of this FE; the server fills it in. */
  connections: Connections = { list: () => [], kill: () => false };
  #txnId = 1000;
  #epoch = 0n;

  private constructor(options: ClusterOptions, duck: Duck) {
    this.options = options;
    this.duck = duck;
    this.publishing = new Publishing(this);
    this.accounts = new Accounts(options.rootPassword ?? "");
    this.store = new Store(duck, ({ kind, id }) => {
      if (kind === "job") return this.jobs.byId(id);
      if (kind === "account") return this.accounts.byId(id);
      if (kind === "recycled") return this.recycleBin.byId(id);
      if (kind === "routine_load") return this.routineLoads.byId(id);
      return [...this.repositories.values()].find((one) => one.id === id);
    });
  }

  static async open(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(options, await Duck.open(options.dir));
    await cluster.store.open();
    await cluster.#load(true);
    return cluster;
  }

  /** Read aside and put in place at once: statements that only look go on meanwhile. */
  async #load(restart: boolean): Promise<void> {
    const [catalog, jobs, repositories] = [new Catalog(), new Jobs(), new Map<string, Repository>()];
    const [accounts, recycleBin] = [new Accounts(this.options.rootPassword ?? ""), new RecycleBin()];
    const routineLoads = new RoutineLoads();
    const others = await this.store.load(catalog);
    const clusterId = await this.store.clusterId();
    for (const one of others.get("repository") ?? []) {
      const repository = one as Repository;
      repositories.set(repository.name, repository);
    }
    for (const one of others.get("recycled") ?? []) recycleBin.put(one as Recycled);
    for (const one of others.get("routine_load") ?? []) routineLoads.put(one as RoutineLoad);
    for (const one of others.get("account") ?? []) accounts.put(one as Account);
    for (const one of others.get("job") ?? []) jobs.adopt(one as Job, restart);
    [this.catalog, this.jobs, this.repositories] = [catalog, jobs, repositories];
    [this.accounts, this.recycleBin, this.clusterId] = [accounts, recycleBin, clusterId];
    this.routineLoads = routineLoads;
    // Label transactions that were open when the process died are gone, as after an FE restart.
    // Ids that failed transactions had are not given again.
    this.#txnId = Math.max(this.#txnId, ...catalog.labels().map((label) => label.txnId + 1));
  }

  /** Another FE takes over: what the former leader held in memory only is gone (§2.1). */
  async elect(frontend: number): Promise<void> {
    await this.#lock.run(() => this.#load(true));
    this.leader = frontend;
  }

  /** What a restart of the FE does: sessions end, and what lived in memory only is gone (§2.1, §7). */
  async restart(): Promise<void> {
    for (const { id } of this.connections.list()) this.connections.kill(id);
    this.frontendConfig.clear();
    await this.#lock.run(() => this.#load(true));
  }

  now(): number {
    return Date.now() + this.knobs.clockOffsetMs;
  }

  newTxnId(): number {
    this.#txnId += 1;
    return this.#txnId;
  }

  /** A global transaction id as used for VERSION_EPOCH: grows, and does not fit a double (§9.4). */
  newEpoch(): string {
    const base = BigInt(this.now() - 1_500_000_000_000) << 22n;
    this.#epoch = base > this.#epoch ? base : this.#epoch + 1n;
    return this.#epoch.toString();
  }

  newPhysicalPartition(visibleVersion = 1): PhysicalPartition {
    return {
      id: this.catalog.newId(),
      visibleVersion,
      nextVersion: visibleVersion + 1,
      visibleVersionTime: this.now(),
      dataVersion: visibleVersion,
      versionEpoch: this.newEpoch(),
      txnType: "TXN_NORMAL",
      rows: 0,
      bytes: 0,
    };
  }

  aliveBackends(): number[] {
    return this.backendIds().filter((id) => !this.deadBackends.has(id));
  }

  backendIds(): number[] {
    return Array.from({ length: this.options.backends }, (_, index) => 10_001 + index - 9_000);
  }

  /** Looks at the metadata undisturbed by changes. */
  look<T>(work: () => Promise<T>): Promise<T> {
    return this.#lock.run(work);
  }

  /** Rows and metadata change in one transaction, or not at all. */
  change<T>(work: () => Promise<T>): Promise<T> {
    return this.#lock.run(async () => {
      try {
        return await this.duck.transaction(async () => {
          const value = await work();
          await this.store.flush(this.catalog);
          return value;
        });
      } catch (error) {
        // What was changed in memory before the failure is not on disk: read the truth back.
        if (this.catalog.dirty.size > 0) await this.#load(false);
        throw error;
      }
    });
  }

  /** Where an INSERT OVERWRITE stands still between its temporary partitions and the replacement; a knob for tests. */
  overwriteBarrier: () => Promise<void> = async () => undefined;

  async close(): Promise<void> {
    await this.#lock.run(async () => this.duck.close());
  }
}
