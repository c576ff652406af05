import * as z from "zod";
import { errorCode } from "../../error-codes.ts";
import type { ErrorText } from "../../errors.ts";
import { windmillError } from "./windmill-error.ts";

/**
 * The error a failure module gets: `{message, name, stack, step_id, extra}`, where `extra` holds the other properties of
 * what was thrown. What Windmill itself says (of an approval, of a process that was killed) comes without `extra`.
 */
export const flowError = z.looseObject({
  name: z.string().optional(),
  message: z.string().optional(),
  step_id: z.string().optional(),
  extra: z.looseObject({ code: z.string().optional(), next: z.string().optional() }).optional(),
});

/** What went wrong, in this project's words. */
export function runError({ name = "", message = "", step_id, extra }: z.output<typeof flowError>): ErrorText {
  const byWindmill = extra?.code === undefined ? windmillError(name, message, step_id) : undefined;
  if (byWindmill !== undefined) return byWindmill;
  return {
    code: errorCode(extra?.code ?? "STEP_FAILED"),
    message: message || "A step failed without a message.",
    next: extra?.next ?? "Look at the failed step's log, then run again.",
  };
}
