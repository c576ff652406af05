import { unknownTable, unsupported } from "../basics/errors.ts";
import { requireInSys } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import { grantsToRolesView, grantsToUsersView } from "./grants-to.ts";
import type { VirtualTable } from "./virtual-table.ts";

const views: ReadonlyMap<string, VirtualTable> = new Map([
  ["grants_to_users", grantsToUsersView],
  ["grants_to_roles", grantsToRolesView],
]);

/** Views that StarRocks has there and that are not modelled. */
const others: ReadonlySet<string> = new Set(["role_edges", "fe_locks", "fe_memory_usage"]);

/** A view of the database `sys`: unlike those of information_schema, it takes SELECT on it (§13). */
export function sysView(name: string, context: Context): VirtualTable {
  const view = views.get(name);
  if (view === undefined) throw others.has(name) ? unsupported(`sys.${name}`) : unknownTable(`sys.${name}`);
  requireInSys(context, name);
  return view;
}
