import { isIPv6 } from "node:net";
import * as z from "zod";
import { isZone } from "../../planning/restore/instant.ts";
import { numberField } from "./number-field.ts";
import { textField } from "./text-field.ts";

export const zoneName = textField(/\S+/, "write a time zone such as Europe/Berlin").refine(
  isZone,
  "write a time zone such as Europe/Berlin",
);

/** `fe1, 10.0.0.2, ::1, [::1]`. */
function areHosts(list: string): boolean {
  return list
    .split(",")
    .every((host) => !host.includes(":") || isIPv6(host.trim().replace(/^\[(.*)\]$/, "$1")));
}

/**
 * The `starrocks` resource as a form field. Field names equal those of Windmill's `mysql` type where both have
 * one, so values can be copied. The type is named `Starrocks`: Windmill would read `StarRocks` as
 * `resource-star_rocks`.
 */
export const starrocksResource = z
  .object(
    {
      host: textField(/\S.*/, "write a host name or an address")
        .refine(areHosts, "write hosts only, without ports: the port has a field of its own")
        .meta({
          title: "Host",
          description: "FE host name or address; several, comma-separated, are tried in turn.",
        }),
      port: numberField(1, 65535)
        .default(9030)
        .meta({ title: "Port", description: "Port of the FE for MySQL clients (query_port)." }),
      user: textField(/\S.*/, "write the name of a user").meta({
        title: "User",
        description: "StarRocks user.",
      }),
      // Blanks may be part of a password.
      password: z.string("write a password").default("").meta({
        title: "Password",
        description: "Password of the user.",
        password: true,
      }),
      ssl: z.boolean().default(false).meta({ title: "TLS", description: "Use TLS." }),
      ca_cert: z.string("paste a certificate (PEM)").optional().meta({
        title: "CA certificate",
        description: "CA certificate (PEM) to trust; empty: the system's.",
        minRows: 4,
      }),
      client_cert: z.string("paste a certificate (PEM)").optional().meta({
        title: "Client certificate",
        description: "Client certificate (PEM), where the server asks for one; needs its key.",
        minRows: 4,
      }),
      client_key: z.string("paste a key (PEM)").optional().meta({
        title: "Client key",
        description: "Key (PEM) of the client certificate, without a passphrase.",
        minRows: 4,
        password: true,
      }),
      repository: textField(/\S.*/, "write the name of a repository").optional().meta({
        title: "Repository",
        description: "Where backups go unless a form says otherwise: a name that SHOW REPOSITORIES lists.",
      }),
      time_zone: zoneName.optional().meta({
        title: "Time zone",
        description: "Of times in forms that say none, such as Europe/Berlin; empty: the cluster's own.",
      }),
      ops_database: textField(/\S.*/, "write the name of a database").default("ops").meta({
        title: "Catalog database",
        description: "Database that holds the catalog.",
      }),
    },
    "choose a resource of type starrocks",
  )
  .refine((given) => (given.client_cert === undefined) === (given.client_key === undefined), {
    path: ["client_key"],
    error: "give both a client certificate and its key, or neither",
  })
  .meta({
    title: "Connection",
    description: "The cluster: a resource of type starrocks.",
    format: "resource-starrocks",
  });

/** A second cluster, for what is restored into another one. */
export const intoCluster = starrocksResource.optional().meta({
  title: "Into cluster",
  description:
    "Restore into this cluster instead of the one of the backups; it sees the same repository, and init has run there.",
  format: "resource-starrocks",
});

/** Where a cluster is and how to log in, as the resource says it after its defaults are filled in. */
export type StarrocksResource = z.output<typeof starrocksResource>;

/** `database.table`; a database's name has no dot. Names may be in any script, but have one line. */
const tableName = z
  .string("write database.table")
  .trim()
  .max(1281, "write database.table, at most 256 and 1,024 characters")
  .regex(/^[^.\p{Cc}\p{Zl}\p{Zp}]+\.[^\p{Cc}\p{Zl}\p{Zp}]+$/u, "write database.table");

export const tableNames = z.array(tableName, "list database.table, one an entry");

export const groupName = textField(/\S.{0,254}/, "write the group's name, at most 255 characters").meta({
  title: "Group",
  description: "Inventory group: a named set of tables that are backed up together.",
});

export const repositoryName = textField(
  /[A-Za-z_]\w{0,63}/,
  "write the name of a repository: letters, digits and _",
)
  .optional()
  .meta({ title: "Repository", description: "Where snapshots are stored; empty: the resource's." });

/** StarRocks embeds labels verbatim in paths and glob patterns. */
export const labelName = textField(
  /[\w-]{1,120}/,
  "write a backup's label: letters, digits, _ and -, at most 120",
);

export const runId = textField(
  /(backup|restore|undo)_([0-9a-f]{12}_)?[0-9a-f]{8}/,
  "write the run_id of a plan, such as backup_0a1b2c3d",
).meta({ title: "Run", description: "run_id from the result of the plan." });

export const planHash = textField(/\S+/, "write the plan_hash of the plan").optional().meta({
  title: "Plan",
  description:
    "plan_hash of the plan, given by a flow: nothing is done by another plan. Empty: the stored one.",
});

/** Windmill's job ids. */
export const jobIdText = textField(
  /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/,
  "copy the job's id from the address of the flow's page",
);

export const failOnGaps = z.boolean().default(false).meta({
  title: "Fail on gaps",
  description: "Fail when something was left out that was asked for, such as a table the user may not read.",
});

export const dryRun = z.boolean().default(false).meta({
  title: "Dry run",
  description: "Show the plan, write nothing, do nothing.",
});

export const stallMinutes = numberField(1, 10080).default(30).meta({
  title: "Stalled after (minutes)",
  description: "A job without any progress for this long is reported as stalled.",
});

export const cancelStalled = z.boolean().default(false).meta({
  title: "Cancel when stalled",
  description: "Cancel a stalled job, so that the run fails instead of waiting for the job's timeout.",
});
