import { analysisError, ddlError } from "../../basics/errors.ts";

/** replication_num defaults to 3, which a cluster with fewer backends cannot give (§14.1). */
export function replication(properties: Readonly<Record<string, string>>, alive: readonly number[]): number {
  const text = properties["replication_num"] ?? "3";
  if (!/^\d+$/.test(text) || Number(text) < 1) throw ddlError("Replication num should larger than 0");
  const wanted = Number(text);
  if (wanted > alive.length) {
    throw analysisError(
      "Table replication num should be less than of equal to the number of available BE nodes. " +
        `You can change this default by setting the replication_num table properties. Current alive backend is [${alive.join(",")}].`,
    );
  }
  return wanted;
}

/** What ALTER TABLE gives: by the analyzer, whose text has a slip of its own (PropertyAnalyzer). */
export function changedReplication(text: string, alive: readonly number[]): number {
  if (!/^[-+]?\d{1,5}$/.test(text)) throw analysisError(`For input string: "${text}"`);
  const wanted = Number(text);
  if (wanted <= 0) throw analysisError("Replication num should larger than 0");
  if (wanted > alive.length)
    throw analysisError(
      "Table replication num should be less than of equal to the number of available BE nodes. " +
        `You can change this default by setting the replication_num table properties. Current alive backend is [${alive.join(",")}].`,
    );
  return wanted;
}
