import type { BackupError } from "../errors.ts";
import { oneLine } from "./results/one-line.ts";

/** Node's and bun's word for "print me so"; a symbol, since Windmill stores every property with a name. */
const inspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * Prepares an error for leaving a script. Windmill prints it to the job's log and stores its stack: bun would quote the
 * source around it, a minified bundle, and the stack would name places in that. The log gets one line instead.
 */
export function leaving(error: BackupError): BackupError {
  const said = oneLine(`${error.name}: ${error.message}`);
  const logged = oneLine(`${error.code}: ${error.message} ${error.next}`);
  return Object.defineProperties(error, {
    stack: { value: said },
    [inspect]: { value: () => logged },
  });
}
