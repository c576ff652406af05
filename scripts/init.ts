import * as z from "zod";
import { initCatalog } from "../lib/operations/catalog/init.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { starrocksResource } from "../lib/windmill/fields.ts";
import { numberField } from "../lib/windmill/number-field.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderInit } from "../lib/windmill/results/init.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Create or upgrade the backup catalog",
  description:
    "Creates the catalog (database `ops`, or the one the resource names) on the cluster, or brings an older one up to date. Run it once per cluster and after each upgrade of this workspace; running it again changes nothing.",
  input: z.object({
    starrocks: starrocksResource,
    replication_num: numberField(1, 10).optional().meta({
      title: "Replicas",
      description: "Copies of the catalog's tables; empty: three, or as many as there are live backends.",
    }),
  }),
  run: async ({ starrocks, replication_num }) =>
    renderInit(await initCatalog(clusterSettings(starrocks), replication_num, progress)),
});
