import { StarRocksFault } from "./fault.ts";
import type { Session } from "./session.ts";
import { setVariablesStatement } from "./statements/session.ts";

/** A day: putting the parts of a large table together is bounded by StarRocks' own load limits, not by this. */
const longestSeconds = 86_400;

/**
 * Lets the session's loads and counts take as long as large tables need. A load has 300 s by `query_timeout` before 3.4,
 * and 14,400 s by a variable of its own from then on (starrocks.md §14.2).
 */
export async function allowLongStatements(session: Session): Promise<void> {
  try {
    await allow(session, ["query_timeout", "insert_timeout"]);
  } catch (error) {
    const isOlder = error instanceof StarRocksFault && /Unknown system variable/.test(error.message);
    if (!isOlder) throw error;
    await allow(session, ["query_timeout"]);
  }
}

async function allow(
  session: Session,
  variables: Parameters<typeof setVariablesStatement>[0],
): Promise<void> {
  const statement = setVariablesStatement(variables, longestSeconds);
  await session.execute(statement, `give long statements time (${variables.join(", ")})`);
}
