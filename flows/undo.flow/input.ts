import * as z from "zod";
import { undoFields } from "../../lib/windmill/forms/undo-fields.ts";

export const input = z.object(undoFields);
