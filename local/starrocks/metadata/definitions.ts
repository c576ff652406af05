import { analysisError, type SqlError } from "../basics/errors.ts";
import type { Bound, ListDefinition, PartitionDefinition } from "../sql/partition-by.ts";
import { type Batch, expandBatch } from "./batch-partitions.ts";
import { InvalidLiteral, literal } from "./literals.ts";
import type { NamedValues, Partition } from "./model.ts";
import { compareBound } from "./ranges.ts";

/** How a refusal goes out: CREATE finds ranges wrong in its handler, ADD PARTITION in the analyzer. */
export type Refuse = (message: string) => SqlError;

/** One spelling per value, so that comparing text compares values. */
function canonical(value: string | null, type: string): string | null {
  // Digits of a decimal column are not known here; the values of text columns are what they are.
  if (value === null || value === "MAXVALUE" || type === "DECIMAL") return value;
  return literal(value, { name: type, parameters: [] });
}

/** Lower bounds of VALUES LESS THAN come from the nearest existing upper bound below. */
export function expandDefinitions(
  definitions: readonly PartitionDefinition[],
  types: readonly string[],
  existing: readonly Partition[],
  { refuse, temporary = false }: Readonly<{ refuse: Refuse; temporary?: boolean }>,
): NamedValues[] {
  const prefix = temporary ? "tp" : "p";
  const uppers: Bound[] = existing.flatMap((one) => (one.values.kind === "range" ? [one.values.upper] : []));
  const result: NamedValues[] = [];
  for (const definition of definitions) {
    const expanded =
      definition.kind === "batch"
        ? expandDates(definition, types, prefix)
        : [expandOne(definition, types, uppers, refuse)];
    for (const one of expanded) if (one.values.kind === "range") uppers.push(one.values.upper);
    result.push(...expanded);
  }
  return result;
}

function expandDates(batch: Batch, types: readonly string[], prefix: string): NamedValues[] {
  if (types.length > 1) throw analysisError("Batch build partition only support single range column.");
  return expandBatch(batch, types[0] ?? "", prefix);
}

function expandOne(
  definition: Exclude<PartitionDefinition, Batch>,
  types: readonly string[],
  uppers: readonly Bound[],
  refuse: Refuse,
): NamedValues {
  const { name, ifNotExists } = definition;
  if (definition.kind === "in") return expandList(definition, types);
  const upper = boundOf(definition.upper, types, refuse);
  const lower =
    definition.kind === "fixed"
      ? boundOf(definition.lower, types, refuse)
      : uppers
          .filter((one) => compareBound(one, upper, types) < 0)
          .reduce<Bound>((best, one) => (compareBound(one, best, types) > 0 ? one : best), "MIN");
  if (compareBound(lower, upper, types) >= 0)
    throw refuse("Invalid range value format: The lower values must smaller than upper values");
  return { name, ifNotExists, values: { kind: "range", lower, upper } };
}

function boundOf(bound: Bound, types: readonly string[], refuse: Refuse): Bound {
  if (typeof bound === "string") return bound;
  if (bound.length > types.length)
    throw analysisError(
      `Partition values number is more than partition column number: (${bound.map((value) => `"${value}"`).join(", ")})`,
    );
  if (types.length > 1 && bound.includes("MAXVALUE"))
    throw analysisError("Not support MAXVALUE in multi partition range values.");
  return valuesOf(bound, types, (message) => refuse(`Invalid range value format: ${message}`));
}

function expandList(
  { name, ifNotExists, items, multi }: ListDefinition,
  types: readonly string[],
): NamedValues {
  if (!multi && types.length !== 1)
    throw analysisError("Partition column size should be one when use single list partition ");
  const wrong = items.find((item) => item.length !== types.length);
  if (wrong) throw analysisError(`(${wrong.join(",")}) size should be equal to partition column size `);
  const values = items.map((item) => valuesOf(item, types, analysisError));
  return { name, ifNotExists, values: { kind: "list", items: values, multi } };
}

function valuesOf(
  values: readonly (string | null)[],
  types: readonly string[],
  refuse: Refuse,
): (string | null)[] {
  try {
    return values.map((value, index) => canonical(value, types[index] ?? ""));
  } catch (error) {
    if (error instanceof InvalidLiteral) throw refuse(error.message);
    throw error;
  }
}
