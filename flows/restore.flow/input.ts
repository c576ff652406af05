import * as z from "zod";
import { restoreFields } from "../../lib/windmill/restore-fields.ts";

export const input = z.object(restoreFields);
