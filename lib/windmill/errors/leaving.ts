import type { BackupError } from "../../errors.ts";
import { oneLine } from "../results/one-line.ts";

/** Node's and bun's word for "print me so"; a symbol, since Windmill stores every property with a name. */
const inspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * Prepares an error for leaving a script. Windmill prints it to the job's log, where bun would quote the source around it,
 * a minified bundle: the log gets one line instead. And it shows the stack below the message, where a person looks for what
 * to do next. Its cause stays here: Windmill stores that too, and a driver's error carries the statement.
 */
export function leaving(error: BackupError): BackupError {
  const logged = oneLine(`${error.code}: ${error.message} ${error.next}`);
  delete error.cause;
  return Object.defineProperties(error, {
    stack: { value: oneLine(error.next) },
    [inspect]: { value: () => logged },
  });
}
