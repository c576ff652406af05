import { afterEach } from "vitest";
import type { Client } from "./client.ts";
import { type TestCluster, unique } from "./cluster.ts";

export interface TestUsers {
  /** A user without a password and without privileges, dropped after the case. */
  create(): Promise<string>;
  /** A role, dropped after the case. */
  createRole(): Promise<string>;
  /** A session of a new user who holds these privileges: `EXPORT ON TABLE d.t`. */
  holding(...privileges: readonly string[]): Promise<{ user: string; session: Client }>;
}

/** Users and roles of the cases in a file. */
export function useUsers(cluster: TestCluster): TestUsers {
  let made: string[] = [];
  afterEach(async () => {
    for (const sql of made.reverse()) await cluster.client.run(sql);
    made = [];
  });
  const create = async (): Promise<string> => {
    const user = unique("u");
    await cluster.client.run(`CREATE USER '${user}'@'%'`);
    made.push(`DROP USER '${user}'@'%'`);
    return user;
  };
  return {
    create,
    async createRole() {
      const role = unique("r");
      await cluster.client.run(`CREATE ROLE ${role}`);
      made.push(`DROP ROLE ${role}`);
      return role;
    },
    async holding(...privileges) {
      const user = await create();
      for (const one of privileges) await cluster.client.run(`GRANT ${one} TO USER '${user}'@'%'`);
      return { user, session: await cluster.connect({ user }) };
    },
  };
}
