import type { ClusterSettings } from "../operations/step/settings.ts";
import type { TwoClusters } from "../planning/restore/restore-plan.ts";
import { placeOf } from "../starrocks/place.ts";
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

/** Both clusters of a restore from one into another. */
interface RestoreResources {
  readonly starrocks: StarrocksResource;
  readonly into?: StarrocksResource | undefined;
}

/** The cluster that a restore works on, with the one of the backups where that is another. */
export function restoreSettings({ starrocks, into }: RestoreResources): ClusterSettings {
  if (into === undefined) return clusterSettings(starrocks);
  return {
    ...called("the cluster to restore into", into),
    backupsOf: called("the cluster of the backups", starrocks),
  };
}

/** How a plan names both clusters; undefined where there is one. */
export function clustersOf({ starrocks, into }: RestoreResources): TwoClusters | undefined {
  return into && { backupsOf: shownPlace(starrocks), into: shownPlace(into) };
}

function called(what: string, resource: StarrocksResource): ClusterSettings {
  const settings = clusterSettings(resource);
  return { ...settings, address: { ...settings.address, called: `${what} (${shownPlace(resource)})` } };
}

function shownPlace(resource: StarrocksResource): string {
  const { hosts, port } = clusterSettings(resource).address;
  return hosts.map((host) => placeOf(host, port)).join(", ");
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
