import type { DefinedColumn, TableDefinition } from "../../../catalog/table-definition.ts";
import { setByRestore } from "../../schema-hash.ts";

/**
 * How a table will differ from what it is now once its backup has taken its place: clauses without their ends, the ones
 * that take something away first.
 *
 * @param then as it is restored
 * @param now as it is live
 */
export function definitionDifferences(then: TableDefinition, now: TableDefinition): readonly string[] {
  const before = new Map(now.columns.map((each) => [each.name, each]));
  const after = new Map(then.columns.map((each) => [each.name, each]));
  const gone = now.columns.filter(({ name }) => !after.has(name));
  const back = then.columns.filter(({ name }) => !before.has(name));
  return [
    ...gone.map(({ name, type }) => `column ${name} (${type}) will be gone`),
    ...back.map(({ name, type }) => `column ${name} (${type}) comes back`),
    ...then.columns.flatMap((each) => {
      const present = before.get(each.name);
      return present === undefined ? [] : columnDifferences(each, present);
    }),
    ...(gone.length + back.length === 0 ? orderDifference(then, now) : []),
    ...layoutDifferences(then, now),
    ...propertyDifferences(then.properties, now.properties),
  ];
}

function columnDifferences(then: DefinedColumn, now: DefinedColumn): readonly string[] {
  const column = `column ${then.name}`;
  return [
    ...(then.type === now.type ? [] : [`${column} will be ${then.type}, and is ${now.type} now`]),
    ...(then.nullable === now.nullable
      ? []
      : [
          then.nullable
            ? `${column} will take NULL, and does not now`
            : `${column} will not take NULL, and does now`,
        ]),
    ...(then.key === now.key
      ? []
      : [`${column} will ${then.key ? "be" : "not be"} a key, and is ${then.key ? "none" : "one"} now`]),
    ...(then.default === now.default
      ? []
      : [`${column} will have ${said(then.default, "the default")}, and has ${said(now.default, "")} now`]),
    ...(then.generated === now.generated
      ? []
      : [`${column} will be ${computed(then)}, and is ${computed(now)} now`]),
  ];
}

function said(value: string | undefined, before: string): string {
  return value === undefined ? "no default" : `${before} ${value}`.trim();
}

function computed({ generated }: DefinedColumn): string {
  return generated === undefined ? "a column of its own" : `computed as ${generated}`;
}

/** It counts for loads that name no columns. */
function orderDifference(then: TableDefinition, now: TableDefinition): readonly string[] {
  const names = then.columns.map(({ name }) => name);
  if (names.every((name, index) => now.columns[index]?.name === name)) return [];
  return [`its columns will stand in the order ${names.join(", ")}`];
}

const models: ReadonlyMap<string, string> = new Map([
  ["DUP_KEYS", "DUPLICATE KEY"],
  ["AGG_KEYS", "AGGREGATE KEY"],
  ["UNIQUE_KEYS", "UNIQUE KEY"],
  ["PRIMARY_KEYS", "PRIMARY KEY"],
]);

function layoutDifferences(then: TableDefinition, now: TableDefinition): readonly string[] {
  const differ = (what: string, after: string, before: string) =>
    after === before ? [] : [`${what} will be ${after || "none"}, and is ${before || "none"} now`];
  const distribution = ({ distributionType, distributionKey }: TableDefinition) =>
    distributionKey === "" ? distributionType : `${distributionType} (${distributionKey})`;
  return [
    ...differ("its model", models.get(then.model) ?? then.model, models.get(now.model) ?? now.model),
    ...differ("its key", then.primaryKey, now.primaryKey),
    ...differ("its partition column", then.partitionKey, now.partitionKey),
    ...differ("its distribution", distribution(then), distribution(now)),
    ...differ("its sort key", then.sortKey, now.sortKey),
  ];
}

/** Those that RESTORE sets or drops by itself are told elsewhere. */
function propertyDifferences(
  then: TableDefinition["properties"],
  now: TableDefinition["properties"],
): readonly string[] {
  const names = [...new Set([...Object.keys(now), ...Object.keys(then)])].sort();
  return names
    .filter((name) => !setByRestore.has(name) && then[name] !== now[name])
    .map((name) => {
      const [after, before] = [then[name], now[name]];
      if (after === undefined) return `property ${name} (${before}) will not be set`;
      if (before === undefined) return `property ${name} will be ${after}, and is not set now`;
      return `property ${name} will be ${after}, and is ${before} now`;
    });
}
