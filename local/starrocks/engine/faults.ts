import { DropConnection, SqlError } from "../basics/errors.ts";

export type Fault = Readonly<{
  /** Statements whose text matches are hit. */
  match: RegExp;
  /** How many times; then the fault is spent. Default 1. */
  times?: number;
  /** Wait before anything else happens. */
  delayMs?: number;
  /** Answer with this error, without executing. */
  error?: Readonly<{ code: number; state?: string; message: string }>;
  /** `before`: the connection ends and nothing ran; `after`: it ran, and the answer is lost. */
  drop?: "before" | "after";
  /** Awaited before the statement runs; what it throws ({@link DropConnection}) happens instead. */
  before?: (sql: string) => Promise<void>;
  /** Awaited once it ran, before it is answered. */
  after?: (sql: string) => Promise<void>;
}>;

/** Knobs that make the network and the cluster misbehave for chosen statements. */
export class Faults {
  #armed: { fault: Fault; left: number }[] = [];

  /** Returns a function that disarms it. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? 1 };
    this.#armed.push(entry);
    return () => {
      this.#armed = this.#armed.filter((one) => one !== entry);
    };
  }

  clear(): void {
    this.#armed = [];
  }

  async around<T>(sql: string, run: () => Promise<T>): Promise<T> {
    const entry = this.#armed.find(({ fault, left }) => left > 0 && fault.match.test(sql));
    if (!entry) return run();
    entry.left -= 1;
    const { delayMs, error, drop, before, after } = entry.fault;
    if (delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, delayMs));
    await before?.(sql);
    if (drop === "before") throw new DropConnection();
    if (error) throw new SqlError(error.message, error.code, error.state ?? "HY000");
    const value = await run();
    await after?.(sql);
    if (drop === "after") throw new DropConnection();
    return value;
  }
}
