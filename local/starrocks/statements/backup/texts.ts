import { analysisError, type SqlError } from "../../basics/errors.ts";

/** Raised by the analyzer through ERR_COMMON_ERROR: wrapped text, code 5064 (§1.4 phase A). */
export const commonErrorAnalyzed = (text: string): SqlError => analysisError(text, 5064, "42000");
