import { groupBy } from "../../group-by.ts";
import type { GrantOn } from "../../starrocks/observe/grants-on.ts";

/** What somebody may do with one table and not with another. */
export type LostGrant = Pick<GrantOn, "grantee" | "to" | "privileges" | "grantable">;

/**
 * The grants that one table has and another has not: those by its id. Grants on all tables are of both.
 *
 * @param grants on both
 */
export function lostGrants(grants: readonly GrantOn[], from: string, to: string): readonly LostGrant[] {
  const key = ({ grantee, to: kind, grantable }: GrantOn) => JSON.stringify([kind, grantee, grantable]);
  const [had, has] = [from, to].map((table) =>
    groupBy(
      grants.filter((each) => each.table === table),
      key,
    ),
  );
  return [...(had ?? new Map())].flatMap(([of, before]: [string, readonly GrantOn[]]) => {
    const [first] = before;
    const now = new Set((has?.get(of) ?? []).flatMap(({ privileges }) => privileges));
    const privileges = [...new Set(before.flatMap((each) => each.privileges))].filter(
      (each) => !now.has(each),
    );
    if (first === undefined || privileges.length === 0) return [];
    return [{ grantee: first.grantee, to: first.to, grantable: first.grantable, privileges }];
  });
}
