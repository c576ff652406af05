import { BackupError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import { columnNames, hasNullableKey } from "../../planning/live-table.ts";
import { type PartitionRecipe, partitionRecipes } from "../../planning/partition-recipe.ts";
import { statedGranularity } from "../../planning/range-class.ts";
import type { RestorePart } from "../../planning/restore/restore-plan.ts";
import { countRows } from "../../starrocks/observe/contents.ts";
import { readCreateTable } from "../../starrocks/observe/created-columns.ts";
import type { PhysicalPartition } from "../../starrocks/observe/partitions.ts";
import { addPartitionStatement, type PartitionDefinition } from "../../starrocks/statements/alter.ts";
import type { TableDefinition } from "./definition.ts";
import type { TableStep } from "./restore-step.ts";

/** What a restored part gives to the table: those of its partitions that belong to the restore point. */
export interface PartContribution {
  readonly part: RestorePart;
  readonly partitions: readonly PhysicalPartition[];
}

/** The table that partitions are made in: the one that a table is put together in, or the live one. */
export interface Receiver {
  readonly name: string;
  /** Its partitions, without hidden and temporary ones. */
  readonly listed: readonly PhysicalPartition[];
  readonly definition: TableDefinition;
}

/**
 * Makes partitions in a table that lacks them, under their own names and with their own bounds or values, buckets,
 * replication and medium. All of them before any row, since a last range begins where the one before ends. What only a
 * load makes is left to the load; {@link verifyDefinitions} sees whether it made the same.
 *
 * @returns the names of those that were made
 * @throws {BackupError} `PARTITION_NOT_REPEATABLE` for one that nothing makes again
 */
export async function addPartitions(
  step: TableStep,
  { name: into, listed, definition: { config, columns: defined } }: Receiver,
  partitions: readonly PhysicalPartition[],
): Promise<readonly string[]> {
  const { catalog, database, planned, progress } = step;
  const { session } = catalog;
  if (planned.partitionKind === "none") return [];
  const present = new Set(listed.map((each) => each.partition));
  const missing = onePerName(partitions).filter((each) => !present.has(each.partition));
  if (missing.length === 0) return [];
  const nullable = hasNullableKey(config, defined);
  const granularity =
    planned.automatic && planned.partitionKind === "range"
      ? statedGranularity(await readCreateTable(session, database, into))
      : undefined;
  const recipeOf = partitionRecipes({ ...planned, nullable, granularity }, [...listed, ...partitions]);
  const columns = config.distributionType === "RANDOM" ? [] : columnNames(config.distributionKey);
  const made = inOrder(step, missing, recipeOf);
  for (const { shown, definition } of made) {
    const { partition, buckets, replicationNum, storageMedium } = shown;
    progress.say(`Adding partition ${partition} to ${into}`);
    await session.execute(
      addPartitionStatement(database, into, {
        partition,
        definition,
        buckets: { columns, count: buckets },
        replicationNum,
        storageMedium,
      }),
      `add partition ${partition} to ${into}`,
    );
  }
  return made.map(({ shown }) => shown.partition);
}

interface Made {
  /** As it is in its part. */
  readonly shown: PhysicalPartition;
  readonly definition: PartitionDefinition;
}

/** What is to be added, the last range last: it begins where the others end. */
function inOrder(
  { database, table }: TableStep,
  missing: readonly PhysicalPartition[],
  recipeOf: (partition: PhysicalPartition) => PartitionRecipe,
): readonly Made[] {
  const made = missing.flatMap((each): readonly Made[] => {
    const definition = recipeOf(each);
    if (definition.kind === "load") return [];
    if (definition.kind === "impossible") throw notRepeatable(`${database}.${table}`, definition.reason);
    return [{ shown: each, definition }];
  });
  const isLast = ({ definition }: Made) => definition.kind === "rest";
  return [...made.filter((each) => !isLast(each)), ...made.filter(isLast)];
}

/** Several physical partitions may share a name under automatic bucketing. */
function onePerName(partitions: readonly PhysicalPartition[]): readonly PhysicalPartition[] {
  return [...groupBy(partitions, (each) => each.partition).values()].flatMap((rows) => rows[0] ?? []);
}

/**
 * Every partition of a part is in the assembled table under its name, with the same bounds or values.
 *
 * @param listed partitions of the assembled table
 */
export async function verifyDefinitions(
  step: TableStep,
  { part, partitions }: PartContribution,
  listed: readonly PhysicalPartition[],
): Promise<void> {
  const { planned } = step;
  if (planned.partitionKind === "none") return;
  const values = new Map(listed.map((each) => [each.partition, each.value]));
  const different = partitions.filter((each) => values.get(each.partition) !== each.value);
  // What only a load makes comes with the first row.
  const empty = planned.automatic ? await readEmpty(step, part, different, values) : new Set<string>();
  const wrong = different.find((each) => !empty.has(each.partition));
  if (wrong === undefined) return;
  const found = values.get(wrong.partition);
  throw new BackupError({
    code: "PARTITIONS_MISSING",
    message: `${planned.assembledAs} has ${found === undefined ? "no" : "another"} partition ${wrong.partition}${found === undefined ? "" : ` (${found})`}; ${part.label} has it with ${wrong.value}.`,
    next: "Nothing was published. Plan the restore again.",
  });
}

/** Those of a part's partitions that are not in the assembled table and have no row. */
async function readEmpty(
  { catalog, database }: TableStep,
  part: RestorePart,
  partitions: readonly PhysicalPartition[],
  present: ReadonlyMap<string, string>,
): Promise<ReadonlySet<string>> {
  const absent = [...new Set(partitions.map((each) => each.partition))].filter((each) => !present.has(each));
  if (absent.length === 0) return new Set();
  const rows = await countRows(catalog.session, database, part.as, absent);
  return new Set(rows === 0 ? absent : []);
}

function notRepeatable(table: string, reason: string): BackupError {
  return new BackupError({
    code: "PARTITION_NOT_REPEATABLE",
    message: `The parts of ${table} cannot be put together: ${reason}.`,
    next: "Nothing was published. Restore the table to a point at which it was copied whole, for example its last full backup.",
  });
}
