import { StarRocksFault } from "../fault.ts";
import { literal } from "../quote.ts";
import { text } from "../row.ts";
import type { Session } from "../session.ts";

/** Value of an FE configuration item; undefined without OPERATE on SYSTEM, or when the version has no such item. */
export async function readFrontendConfig(session: Session, key: string): Promise<string | undefined> {
  try {
    const rows = await session.query(
      `ADMIN SHOW FRONTEND CONFIG LIKE ${literal(key)}`,
      `read the FE configuration ${key}`,
    );
    const row = rows.find((each) => text(each, "Key") === key);
    return row === undefined ? undefined : text(row, "Value");
  } catch (error) {
    if (error instanceof StarRocksFault && error.kind === "access-denied") return undefined;
    throw error;
  }
}
