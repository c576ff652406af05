import * as z from "zod";

/**
 * The `starrocks` resource as a form field. Field names equal those of Windmill's `mysql` type where both have
 * one, so values can be copied. The type is named `Starrocks`: Windmill would read `StarRocks` as
 * `resource-star_rocks`.
 */
export const starrocksResource = z
  .object({
    host: z.string().meta({ description: "FE host name or address; several, comma-separated, are tried in turn." }),
    port: z.number().int().min(1).max(65535).default(9030).meta({ description: "FE query_port." }),
    user: z.string().meta({ description: "StarRocks user." }),
    password: z.string().default("").meta({ description: "Password of the user.", password: true }),
    ssl: z.boolean().default(false).meta({ description: "Use TLS." }),
    ca_cert: z.string().optional().meta({ description: "CA certificate (PEM) to trust; empty: the system's.", minRows: 4 }),
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
