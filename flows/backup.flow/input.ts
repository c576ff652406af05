import * as z from "zod";
import { backupFields } from "../../lib/windmill/forms/backup-fields.ts";

export const input = z.object(backupFields);
