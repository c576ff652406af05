import * as z from "zod";
import { cleanupFields } from "../../lib/windmill/forms/cleanup-fields.ts";

export const input = z.object(cleanupFields);
