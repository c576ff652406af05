import * as z from "zod";
import { backupFields } from "../../lib/windmill/backup-fields.ts";

export const input = z.object(backupFields);
