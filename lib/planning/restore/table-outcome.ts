import type { RestoreRecord } from "../../catalog/restores.ts";
import { sentence, withoutStop } from "../../sentence.ts";

/** What has become of one table of a restore that is over. */
export interface TableOutcome {
  /** `database.table`. */
  readonly table: string;
  /** `untouched`: it shares the end of the run, and nothing of its own went wrong. */
  readonly outcome: "live" | "not-restored" | "untouched";
  /** The name under which the replaced table is kept. */
  readonly keptAs: string | undefined;
  /** Why it is not live; undefined: it is, or there is no reason of its own. */
  readonly reason: string | undefined;
}

type Recorded = Pick<
  RestoreRecord,
  "database" | "table" | "status" | "error" | "replacedKeptAs" | "restoredIds"
>;

/** @param because what the run was ended with; undefined: it went on to its end */
export function tableOutcome(record: Recorded, because: string | undefined): TableOutcome {
  const table = `${record.database}.${record.table}`;
  const none = { table, keptAs: undefined };
  if (record.status === "FINISHED")
    return { table, outcome: "live", keptAs: record.replacedKeptAs, reason: undefined };
  const isOwn = record.error !== undefined && record.error !== because;
  if (!isOwn) return { ...none, outcome: "untouched", reason: undefined };
  return { ...none, outcome: "not-restored", reason: shortened(record.error, longestReason) };
}

/** One sentence of a table's outcome. */
export function outcomeSentence({ table, outcome, keptAs, reason }: TableOutcome): string {
  switch (outcome) {
    case "live":
      return sentence(
        `${table} is live${keptAs === undefined ? "" : `; the replaced table is kept as ${keptAs}`}`,
      );
    case "not-restored":
      return sentence(`${table} was not restored: ${reason ?? "the reason is not known"}`);
    case "untouched":
      return `${table} was not restored and is untouched.`;
  }
}

/** Sentences of all tables, those that are not live first; of very many the rest is counted. */
export function outcomesText(outcomes: readonly TableOutcome[]): string {
  const order = ["not-restored", "live", "untouched"];
  const sorted = [...outcomes].sort(
    (one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome),
  );
  const told = sorted.slice(0, mostTold).map(outcomeSentence);
  const more = sorted.length - told.length;
  if (more > 0) told.push(`The table restore_history of the catalog has ${more} more.`);
  return told.join(" ");
}

const mostTold = 40;
const longestReason = 600;

/** Never cuts a character in half. */
function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${withoutStop(characters.slice(0, most).join(""))} …`;
}
