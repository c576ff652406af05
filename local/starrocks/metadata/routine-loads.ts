/** A job that loads what comes from Kafka into a table, which it knows by its id: SWAP and RENAME do not turn it elsewhere. */
export type RoutineLoad = {
  readonly id: number;
  readonly dbId: number;
  readonly tableId: number;
  readonly name: string;
  /** What the topic has never sends a row here; a job whose table is gone is `CANCELLED` when it is looked at. */
  state: "RUNNING" | "PAUSED" | "STOPPED";
  /** Why it is paused or stopped. */
  reason: string;
  readonly createTime: number;
  pauseTime: number | null;
  endTime: number | null;
};

/** Routine loads of the cluster, with those that have ended. */
export class RoutineLoads {
  readonly #byId = new Map<number, RoutineLoad>();

  put(load: RoutineLoad): void {
    this.#byId.set(load.id, load);
  }

  byId(id: number): RoutineLoad | undefined {
    return this.#byId.get(id);
  }

  all(): RoutineLoad[] {
    return [...this.#byId.values()];
  }
}
