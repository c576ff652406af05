import * as z from "zod";

/**
 * The `starrocks` resource as a form field. Field names equal those of Windmill's `mysql` type where both have
 * one, so values can be copied. The type is named `Starrocks`: Windmill would read `StarRocks` as
 * `resource-star_rocks`.
 */
export const starrocksResource = z
  .object({
    host: z
      .string()
      .meta({ description: "FE host name or address; several, comma-separated, are tried in turn." }),
    port: z.number().int().min(1).max(65535).default(9030).meta({ description: "FE query_port." }),
    user: z.string().meta({ description: "StarRocks user." }),
    password: z.string().default("").meta({ description: "Password of the user.", password: true }),
    ssl: z.boolean().default(false).meta({ description: "Use TLS." }),
    ca_cert: z
      .string()
      .optional()
      .meta({ description: "CA certificate (PEM) to trust; empty: the system's.", minRows: 4 }),
    repository: z.string().optional().meta({ description: "Default repository for backups." }),
    ops_database: z.string().default("ops").meta({ description: "Database that holds the catalog." }),
  })
  .meta({
    title: "StarRocks cluster",
    description: "Connection to the cluster.",
    format: "resource-starrocks",
  });

/** Where a cluster is and how to log in, as the resource says it after its defaults are filled in. */
export type StarrocksResource = z.output<typeof starrocksResource>;

/** `database.table`; a database's name has no dot. */
const tableName = z.string().regex(/^[^.]+\..+$/, "write database.table");

export const tableNames = z.array(tableName);

export const groupName = z.string().max(255).meta({
  title: "Group",
  description: "Inventory group: a named set of tables that are backed up together.",
});

export const repositoryName = z
  .string()
  .regex(/^[A-Za-z_]\w{0,63}$/, "is no repository name")
  .optional()
  .meta({ title: "Repository", description: "Where snapshots are stored; empty: the resource's." });

/** StarRocks embeds labels verbatim in paths and glob patterns. */
export const labelName = z.string().regex(/^[\w-]{1,120}$/, "is no label: letters, digits, _ and - only");

export const runId = z
  .string()
  .regex(/^(backup|restore)_([0-9a-f]{12}_)?[0-9a-f]{8}$/, "is no run id")
  .meta({ title: "Run", description: "run_id from the result of the plan script." });

/** Windmill's job ids. */
export const jobIdText = z
  .string()
  .regex(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    "is no job id: copy it from the address of the flow's page",
  );

export const dryRun = z.boolean().default(false).meta({
  title: "Dry run",
  description: "Show the plan, write nothing, do nothing.",
});

export const stallMinutes = z.number().int().min(1).max(10080).default(30).meta({
  title: "Stalled after (minutes)",
  description: "A job without any progress for this long is reported as stalled.",
});

export const cancelStalled = z.boolean().default(false).meta({
  title: "Cancel when stalled",
  description: "Cancel a stalled job, so that the run fails instead of waiting for the job's timeout.",
});
