import * as z from "zod";
import { restoreFields } from "../../lib/windmill/forms/restore-fields.ts";

export const input = z.object(restoreFields);
