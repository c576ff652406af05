import { SqlError } from "./basics/errors.ts";
import type { Result, ResultColumn } from "./basics/result.ts";
import { duckError } from "./duckdb/duck-error.ts";
import type { Cluster } from "./engine/cluster.ts";
import { findRelation } from "./engine/context.ts";
import type { Session } from "./engine/session.ts";
import { readVariable } from "./engine/variables.ts";
import type { SessionHandler } from "./protocol/connection.ts";
import { passwordMatches } from "./protocol/handshake.ts";
import { splitStatements } from "./sql/lexer.ts";
import { refusalOf } from "./sql/unmodelled.ts";
import { execute } from "./statements/dispatch.ts";
import { useDatabase } from "./statements/session/session-statements.ts";
import { withTimeout } from "./statements/statement-timeout.ts";

/** Joins one protocol connection to the cluster. */
export class ClusterSession implements SessionHandler {
  readonly session: Session;
  readonly #cluster: Cluster;
  readonly #closed: () => void;

  constructor(id: number, frontend: number, cluster: Cluster, closed: () => void) {
    this.#cluster = cluster;
    this.#closed = closed;
    this.session = {
      id,
      frontend,
      user: "",
      roles: [],
      database: undefined,
      zone: cluster.globalVariables.get("time_zone") ?? "UTC",
      variables: new Map(cluster.globalVariables),
      userVariables: new Map(),
      warnings: [],
      reader: undefined,
      since: cluster.now(),
      running: undefined,
    };
  }

  async login(user: string, token: Buffer, scramble: Buffer, database: string): Promise<void> {
    const account = this.#cluster.accounts.user(user);
    if (!account || !passwordMatches(account.passwordHash, scramble, token)) {
      const used = token.length > 0 ? "YES" : "NO";
      throw new SqlError(`Access denied for user '${user}' (using password: ${used})`, 1045, "28000");
    }
    this.session.user = user;
    this.session.roles = [...account.defaultRoles];
    if (database !== "") await this.useDatabase(database);
  }

  async useDatabase(name: string): Promise<void> {
    useDatabase({ cluster: this.#cluster, session: this.session }, name);
  }

  split(sql: string): string[] {
    const statements = splitStatements(sql);
    return statements.length > 0 ? statements : [sql];
  }

  async run(statement: string): Promise<Result> {
    this.session.running = statement;
    try {
      const context = { cluster: this.#cluster, session: this.session };
      return await withTimeout(statement, context, (begin) =>
        this.#cluster.faults.around(statement, () => {
          begin();
          return execute(statement, context);
        }),
      );
    } catch (error) {
      throw duckError(refusalOf(error, statement, this.#cluster.options.version), this.session.id);
    } finally {
      this.session.running = undefined;
    }
  }

  async fieldList(table: string): Promise<ResultColumn[]> {
    const { relation } = findRelation({ cluster: this.#cluster, session: this.session }, [table]);
    return relation.columns.map((column) => ({ name: column.name, type: "VAR_STRING" }));
  }

  async prepare(sql: string): Promise<never> {
    if (!/^\s*(?:select|with)\b/i.test(sql)) {
      throw new SqlError(
        "This command is not supported in the prepared statement protocol yet",
        1295,
        "HY000",
      );
    }
    throw new SqlError("A prepared SELECT is not supported by the embedded StarRocks");
  }

  /** Idle connections end after the session's wait_timeout (§15). */
  waitMs(): number {
    return Number(readVariable("wait_timeout", this.session, this.#cluster)) * 1000;
  }

  reset(): void {
    this.session.database = undefined;
    this.session.zone = this.#cluster.globalVariables.get("time_zone") ?? "UTC";
    this.session.variables = new Map(this.#cluster.globalVariables);
    this.session.userVariables.clear();
  }

  close(): void {
    this.session.reader?.closeSync();
    this.session.reader = undefined;
    this.#closed();
  }
}
