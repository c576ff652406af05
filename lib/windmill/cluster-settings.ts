import type { ClusterSettings } from "../operations/step/settings.ts";
import type { StarrocksResource } from "./fields.ts";

/** The resource as the core library wants it. */
export function clusterSettings(resource: StarrocksResource): ClusterSettings {
  return {
    address: {
      hosts: resource.host
        .split(",")
        .map((host) => host.trim())
        .filter((host) => host !== ""),
      port: resource.port,
      user: resource.user,
      password: resource.password,
      tls: resource.ssl ? { ...(resource.ca_cert !== undefined && { ca: resource.ca_cert }) } : undefined,
    },
    repository: resource.repository,
    opsDatabase: resource.ops_database,
  };
}
