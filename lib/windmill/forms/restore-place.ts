import type { Destination } from "../../planning/restore/destination.ts";
import type { PartitionChoice } from "../../planning/restore/partition-choice.ts";

/** What a restore form says of the tables that are meant and of where they go. */
export interface RestorePlace {
  readonly starrocks: { readonly ops_database: string };
  readonly into?: { readonly ops_database: string } | undefined;
  readonly tables?: readonly string[] | undefined;
  readonly partitions?: readonly string[] | undefined;
  readonly rename_to?: string | undefined;
  readonly suffix?: string | undefined;
  readonly into_database?: string | undefined;
}

/** What is wrong with fields of a restore form that are right each for itself; undefined: nothing. */
export function placeFault(
  given: RestorePlace,
): { readonly field: string; readonly advice: string } | undefined {
  const tables = new Set(given.tables);
  const [only] = tables;
  if (given.partitions !== undefined && tables.size !== 1)
    return { field: "partitions", advice: "name the one table whose partitions these are" };
  const ranges = given.partitions?.filter((each) => each.includes("..")) ?? [];
  if (ranges.length > 0 && given.partitions?.length !== 1)
    return { field: "partitions", advice: "give one range from..to and nothing else, or names" };
  if (given.rename_to !== undefined && tables.size !== 1)
    return {
      field: "rename_to",
      advice: "name the one table that is to get this name; several take a suffix",
    };
  if (given.rename_to !== undefined && given.suffix !== undefined)
    return { field: "suffix", advice: "give a name or a suffix, not both" };
  if (given.rename_to !== undefined && given.into_database === undefined && isNameOf(given.rename_to, only))
    return { field: "rename_to", advice: "give another name; without one the table is restored in place" };
  if (
    closed.has(given.into_database ?? "") ||
    given.into_database === (given.into ?? given.starrocks).ops_database
  )
    return { field: "into_database", advice: "choose a database of your own" };
  return undefined;
}

/** Databases of StarRocks' own. */
const closed: ReadonlySet<string> = new Set(["information_schema", "_statistics_", "sys"]);

function isNameOf(name: string, table: string | undefined): boolean {
  return table !== undefined && table.slice(table.indexOf(".") + 1) === name;
}

export function destinationOf(given: RestorePlace): Destination {
  return { renameTo: given.rename_to, suffix: given.suffix, intoDatabase: given.into_database };
}

export function partitionChoiceOf({ partitions }: RestorePlace): PartitionChoice | undefined {
  if (partitions === undefined) return undefined;
  const [, from, to] = /^(.+?)\s*\.\.\s*(.+)$/.exec(partitions[0] ?? "") ?? [];
  return from === undefined || to === undefined
    ? { kind: "names", names: partitions }
    : { kind: "range", from, to };
}
