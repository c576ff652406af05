import { timeText } from "../../basics/clock.ts";
import { type Cell, listing, type Result } from "../../basics/result.ts";
import { buildVersion } from "../../basics/versions.ts";
import { maySystem, requireSystem } from "../../engine/access.ts";
import type { Context } from "../../engine/context.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { capacityCells } from "./capacity.ts";

const frontendColumns = [
  "Id",
  "Name",
  "IP",
  "EditLogPort",
  "HttpPort",
  "QueryPort",
  "RpcPort",
  "Role",
  "ClusterId",
  "Join",
  "Alive",
  "ReplayedJournalId",
  "LastHeartbeat",
  "IsHelper",
  "ErrMsg",
  "StartTime",
  "Version",
] as const;

/** §16 */
export async function showFrontends(tokens: Tokens, context: Context): Promise<Result> {
  tokens.expectEnd();
  requireSystem(context, "OPERATE", "NODE");
  const { cluster, session } = context;
  const now = timeText(cluster.now(), session.zone);
  const rows = cluster.frontendPorts.map((port, index) => ({
    Id: String(index + 1),
    Name: `${cluster.host}_${9010 + index}_${index + 1}`,
    IP: cluster.host,
    EditLogPort: String(9010 + index),
    HttpPort: String(8030 + index),
    QueryPort: String(port),
    RpcPort: String(9020 + index),
    Role: index === cluster.leader ? "LEADER" : "FOLLOWER",
    ClusterId: "1001",
    Join: "true",
    Alive: "true",
    ReplayedJournalId: "1",
    LastHeartbeat: now,
    IsHelper: "true",
    ErrMsg: "",
    StartTime: timeText(cluster.startedAt, session.zone),
    Version: buildVersion(cluster.options.version).replace(" ", "-"),
  }));
  return listing(frontendColumns, rows);
}

const backendColumns = [
  "BackendId",
  "IP",
  "HeartbeatPort",
  "BePort",
  "HttpPort",
  "BrpcPort",
  "LastStartTime",
  "LastHeartbeat",
  "Alive",
  "SystemDecommissioned",
  "ClusterDecommissioned",
  "TabletNum",
  "DataUsedCapacity",
  "AvailCapacity",
  "TotalCapacity",
  "UsedPct",
  "MaxDiskUsedPct",
  "ErrMsg",
  "Version",
  "Status",
  "DataTotalCapacity",
  "DataUsedPct",
  "CpuCores",
  "MemLimit",
  "NumRunningQueries",
  "MemUsedPct",
  "CpuUsedPct",
  "DataCacheMetrics",
  "Location",
  "StatusCode",
] as const;

function backend(id: number, { cluster, session }: Context): Record<(typeof backendColumns)[number], Cell> {
  const alive = !cluster.deadBackends.has(id);
  return {
    BackendId: String(id),
    IP: `127.0.0.${id - 1000}`,
    HeartbeatPort: "9050",
    BePort: "9060",
    HttpPort: "8040",
    BrpcPort: "8060",
    LastStartTime: timeText(cluster.startedAt, session.zone),
    LastHeartbeat: timeText(cluster.now(), session.zone),
    Alive: String(alive),
    SystemDecommissioned: "false",
    ClusterDecommissioned: "false",
    TabletNum: String(cluster.catalog.allTables().length),
    ...capacityCells(cluster),
    ErrMsg: alive ? "" : "connect timed out",
    Version: buildVersion(cluster.options.version).replace(" ", "-"),
    Status: '{"lastSuccessReportTabletsTime":"N/A"}',
    CpuCores: "2",
    MemLimit: "4.000GB",
    NumRunningQueries: "0",
    MemUsedPct: "0.00 %",
    CpuUsedPct: "0.0 %",
    DataCacheMetrics: "N/A",
    Location: "",
    StatusCode: alive ? "OK" : "CONNECTING",
  };
}

export async function showBackends(tokens: Tokens, context: Context): Promise<Result> {
  tokens.expectEnd();
  requireSystem(context, "OPERATE", "NODE");
  return listing(
    backendColumns,
    context.cluster.backendIds().map((id) => backend(id, context)),
  );
}

/** Shared-nothing has none (§16). */
export async function showComputeNodes(tokens: Tokens, context: Context): Promise<Result> {
  tokens.expectEnd();
  requireSystem(context, "OPERATE", "NODE");
  return listing(
    [
      "ComputeNodeId",
      "IP",
      "HeartbeatPort",
      "BePort",
      "HttpPort",
      "BrpcPort",
      "LastStartTime",
      "LastHeartbeat",
      "Alive",
      "SystemDecommissioned",
      "ClusterDecommissioned",
      "ErrMsg",
      "Version",
      "CpuCores",
      "MemLimit",
      "NumRunningQueries",
      "MemUsedPct",
      "CpuUsedPct",
      "DataCacheMetrics",
      "HasStoragePath",
      "StatusCode",
    ],
    [],
  );
}

const processColumns = [
  "ServerName",
  "Id",
  "User",
  "Host",
  "Db",
  "Command",
  "ConnectionStartTime",
  "Time",
  "State",
  "Info",
  "IsPending",
  "Warehouse",
] as const;

/** After `SHOW [FULL] PROCESSLIST`: connections of this FE; those of others take OPERATE. */
export async function showProcesslist(tokens: Tokens, context: Context): Promise<Result> {
  tokens.expectEnd();
  const { cluster, session } = context;
  const rows = cluster.connections
    .list()
    .filter((one) => one.frontend === session.frontend)
    .filter((one) => one.user === session.user || maySystem(context, "OPERATE"))
    .map((one) => ({
      ServerName: `${cluster.host}_9010_1`,
      Id: String(one.id),
      User: one.user,
      Host: cluster.host,
      Db: one.database ?? "",
      Command: one.running ? "Query" : "Sleep",
      ConnectionStartTime: timeText(one.since, session.zone),
      Time: "0",
      State: one.running ? "RUNNING" : "OK",
      Info: one.running ?? "",
      IsPending: "false",
      Warehouse: "default_warehouse",
    }));
  return listing(processColumns, rows);
}
