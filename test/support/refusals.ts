import type { Refusal } from "./client.ts";

const raised = (code: number, sqlState: string, message: string): Refusal => ({ code, sqlState, message });

const wrapped = (kind: string, text: string, where = ""): string =>
  `Getting ${kind} error${where}. Detail message: ${text}.`;

/** §15: columns count from 0; one token stands `at` a place, several reach `from … to` the start of the last. */
function place(sql: string, first: string, last: string): string {
  const from = sql.indexOf(first);
  const to = sql.indexOf(last, from);
  return from === to ? ` at line 1, column ${from}` : ` from line 1, column ${from} to line 1, column ${to}`;
}

/** The parser's refusals, 1064 (§15). */
export const syntax = (text: string): Refusal => raised(1064, "HY000", wrapped("syntax", text));

/** The analyzer's without a code of their own, 1064 (§1.4). */
export const analyzed = (text: string): Refusal => raised(1064, "HY000", wrapped("analyzing", text));

/** The same, where the analyzer knows from which token to which it complains. */
export const analyzedAt = (sql: string, first: string, last: string, text: string): Refusal =>
  raised(1064, "HY000", wrapped("analyzing", text, place(sql, first, last)));

/** The analyzer's under ERR_COMMON_ERROR, 5064 (§1.4 phase A). */
export const analyzedCommon = (text: string): Refusal => raised(5064, "42000", wrapped("analyzing", text));

/** The handler's on the leader: plain text, 5064 (§1.4 phase C). */
export const common = (text: string): Refusal => raised(5064, "42000", text);

/** §1.4 1: by number since the switch of codes, as in MySQL before. */
export const unknownDatabase = (name: string): Refusal =>
  raised(5501, "3F000", wrapped("analyzing", `Unknown database '${name}'`));
