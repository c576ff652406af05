import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import type { Workspace } from "../workspace.ts";

const everyStep = z.strictObject({
  retry: z.looseObject({ retry_if: z.strictObject({ expr: z.string() }) }),
});

/** What a step gets that says nothing else, as OpenFlow. */
export type EveryStep = Partial<z.infer<typeof everyStep>>;

/** Reads `flows/every-step.yaml`, where there is one. */
export async function loadEveryStep({ flows }: Workspace): Promise<EveryStep> {
  const file = join(flows, "every-step.yaml");
  if (!existsSync(file)) return {};
  return everyStep.parse(parse(await readFile(file, "utf8")));
}
