import { StarRocksFault } from "./fault.ts";
import type { Session } from "./session.ts";
import { setVariableStatement } from "./statements/session.ts";

/** A day: putting the parts of a large table together is bounded by StarRocks' own load limits, not by this. */
const longestSeconds = 86_400;

/**
 * Lets the session's loads and counts take as long as large tables need. A load has 300 s by `query_timeout` before 3.4,
 * and 14,400 s by a variable of its own from then on (starrocks.md §14.2).
 */
export async function allowLongStatements(session: Session): Promise<void> {
  for (const variable of ["query_timeout", "insert_timeout"] as const) {
    try {
      await session.execute(
        setVariableStatement(variable, longestSeconds),
        `give long statements time (${variable})`,
      );
    } catch (error) {
      const isOlder = error instanceof StarRocksFault && /Unknown system variable/.test(error.message);
      if (!isOlder) throw error;
    }
  }
}
