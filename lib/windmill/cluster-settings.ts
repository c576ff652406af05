import type { ClusterSettings } from "../operations/step/settings.ts";
import type { Tls } from "../starrocks/session.ts";
import type { StarrocksResource } from "./forms/fields.ts";

/** The resource as the core library wants it. */
export function clusterSettings(resource: StarrocksResource): ClusterSettings {
  return {
    address: {
      hosts: resource.host
        .split(",")
        .map(withoutBrackets)
        .filter((host) => host !== ""),
      port: resource.port,
      user: resource.user,
      password: resource.password,
      tls: resource.ssl ? tlsOf(resource) : undefined,
    },
    repository: resource.repository,
    opsDatabase: resource.ops_database,
  };
}

function tlsOf({ ca_cert, client_cert, client_key }: StarrocksResource): Tls {
  return {
    ...(ca_cert !== undefined && { ca: ca_cert }),
    ...(client_cert !== undefined &&
      client_key !== undefined && { client: { cert: client_cert, key: client_key } }),
  };
}

/** `[::1]` as an address without its brackets. */
function withoutBrackets(host: string): string {
  return host.trim().replace(/^\[(.*)\]$/, "$1");
}
