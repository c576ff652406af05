import { SqlError } from "../basics/errors.ts";
import type { Result } from "../basics/result.ts";
import { atLeast } from "../basics/versions.ts";
import type { Context } from "../engine/context.ts";
import { readVariable } from "../engine/variables.ts";

/** The first word, behind comments; a statement may be megabytes, so it is not cut into tokens for this. */
const firstWord = /^(?:\s|--[^\n]*\n|#[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(\(|\w+)/;
const loads = ["Insert", "Update", "Delete"];

type Bound = Readonly<{ type: string; seconds: number; advice: string }>;

/** What a statement is bound by: queries and loads are, BACKUP, RESTORE and other DDL are not (§15). */
function boundOf(statement: string, { session, cluster }: Context): Bound | undefined {
  const word = firstWord.exec(statement)?.[1]?.toUpperCase();
  const load = loads.find((type) => type.toUpperCase() === word);
  if (load) {
    // Loads have a time of their own since 3.4 (§14.2).
    const variable = atLeast(cluster.options.version, "3.5") ? "insert_timeout" : "query_timeout";
    return {
      type: load,
      seconds: Number(readVariable(variable, session, cluster)),
      advice: `please increase the '${variable}' session variable or the 'timeout' property for insert statement and retry`,
    };
  }
  if (word !== "SELECT" && word !== "WITH" && word !== "(") return undefined;
  return {
    type: "Query",
    seconds: Number(readVariable("query_timeout", session, cluster)),
    advice: "please increase the 'query_timeout' session variable and retry",
  };
}

/**
 * Ends a statement at its timeout: before it began, with the delay a fault gives it, at once; a query that runs is
 * interrupted. A load that runs is not: what DuckDB began it finishes, and the answer says what is true.
 */
export async function withTimeout(
  statement: string,
  context: Context,
  run: (begin: () => void) => Promise<Result>,
): Promise<Result> {
  const bound = boundOf(statement, context);
  if (!bound) return run(() => undefined);
  const late = new SqlError(
    `${bound.type} reached its timeout of ${bound.seconds} seconds, ${bound.advice}`,
    5024,
    "53400",
  );
  const state = { begun: false, expired: false };
  let timer: NodeJS.Timeout | undefined;
  const waiting = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      state.expired = true;
      if (!state.begun) reject(late);
      else if (bound.type === "Query") context.session.reader?.interrupt();
    }, bound.seconds * 1000);
    timer.unref();
  });
  const begin = () => {
    if (state.expired) throw late;
    state.begun = true;
  };
  try {
    const result = await Promise.race([waiting, run(begin)]);
    if (bound.type !== "Query" || result.kind !== "rows") return done(result, timer);
    if (state.expired) throw late;
    return { ...result, batches: inTime(result.batches, state, late, timer) };
  } catch (error) {
    clearTimeout(timer);
    throw state.expired && bound.type === "Query" ? late : error;
  }
}

function done(result: Result, timer: NodeJS.Timeout | undefined): Result {
  clearTimeout(timer);
  return result;
}

/** Rows come while the query runs. */
async function* inTime<T>(
  batches: AsyncIterable<T> | Iterable<T>,
  state: Readonly<{ expired: boolean }>,
  late: SqlError,
  timer: NodeJS.Timeout | undefined,
): AsyncGenerator<T> {
  try {
    for await (const batch of batches) {
      if (state.expired) throw late;
      yield batch;
    }
  } catch (error) {
    throw state.expired ? late : error;
  } finally {
    clearTimeout(timer);
  }
}
