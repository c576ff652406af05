import type { MainSignature } from "../../../windmill/signature/main-signature.ts";

/**
 * The module bun starts for a job. It treats arguments, results and errors as the worker's own wrapper does
 * (worker: bun_executor): arguments are picked by the names in `main`'s signature and passed by position,
 * `undefined` becomes null, bigints become text, and every other own property of a thrown error is stored.
 */
export function wrapper(scriptFile: string, signature: MainSignature): string {
  const names = signature.parameters.map(({ name }) => name);
  const dates = signature.parameters.filter(({ type }) => type === "datetime").map(({ name }) => name);
  return `
import * as script from ${JSON.stringify(scriptFile)};
import { readFile, writeFile } from "node:fs/promises";

BigInt.prototype.toJSON = function () { return this.toString(); };
const args = JSON.parse(await readFile("args.json", "utf8"));
for (const name of ${JSON.stringify(dates)}) if (args[name] != null) args[name] = new Date(args[name]);

try {
  const result = await script.main(...${JSON.stringify(names)}.map((name) => args[name]));
  if (typeof result?.[Symbol.asyncIterator] === "function") throw new Error("the local runner does not model streamed results");
  await writeFile("result.json", JSON.stringify(result ?? null, (_, value) => value === undefined ? null : value));
  process.exit(0);
} catch (error) {
  console.error(error);
  const standard = ["name", "message", "stack", "line", "column", "sourceURL", "originalLine", "originalColumn"];
  const others = Object.getOwnPropertyNames(error).filter((key) => !standard.includes(key));
  const stepId = process.env.WM_FLOW_STEP_ID;
  await writeFile("result.json", JSON.stringify({
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(stepId ? { step_id: stepId } : {}),
    ...(others.length > 0 ? { extra: Object.fromEntries(others.map((key) => [key, error[key]])) } : {}),
  }));
  process.exit(1);
}
`;
}
