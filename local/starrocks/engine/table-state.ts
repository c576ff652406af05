import { SqlError } from "../basics/errors.ts";
import type { Table } from "../metadata/model.ts";

/** §6.7: what ALTER, TRUNCATE, SWAP and partition changes answer while a table is being restored. */
export function checkNormal(table: Table): void {
  if (table.state === "NORMAL") return;
  throw new SqlError(
    `A snapshot restore operation is in progress on the table ${table.name}. Please wait until the current operation completes. To check the status of the operation, see SHOW RESTORE`,
    5014,
    "HY000",
  );
}
