import { name } from "../quote.ts";

export function createDatabaseStatement(database: string): string {
  return `CREATE DATABASE IF NOT EXISTS ${name(database)}`;
}
