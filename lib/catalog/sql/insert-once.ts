import { StarRocksFault } from "../../starrocks/fault.ts";
import type { Catalog } from "../catalog.ts";

/**
 * Runs an INSERT that has a load label: of all that have the same one, StarRocks lets exactly one through
 * (starrocks.md §14.4).
 *
 * @returns false when another one was first: its rows may take a moment to be visible
 */
export async function insertOnce(catalog: Catalog, labelled: string, doing: string): Promise<boolean> {
  try {
    await catalog.session.execute(labelled, doing);
    return true;
  } catch (error) {
    if (error instanceof StarRocksFault && error.kind === "load-label-taken") return false;
    throw error;
  }
}
