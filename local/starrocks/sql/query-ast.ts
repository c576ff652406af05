import type { Token } from "./lexer.ts";

export type TypeName = Readonly<{
  name: string;
  parameters: readonly number[];
  /** Of ARRAY. */
  element?: TypeName;
}>;

export type OrderItem = Readonly<{ expr: Expr; descending: boolean; nulls?: "FIRST" | "LAST" }>;

export type Window = Readonly<{
  partitionBy: readonly Expr[];
  orderBy: readonly OrderItem[];
  frame?: string;
}>;

export type Call = Readonly<{
  kind: "call";
  name: string;
  args: readonly Expr[];
  distinct: boolean;
  star: boolean;
  orderBy: readonly OrderItem[];
  separator?: Expr;
  over?: Window;
}>;

export type Expr =
  | Readonly<{ kind: "string"; value: string }>
  | Readonly<{ kind: "number"; text: string }>
  | Readonly<{ kind: "null" }>
  | Readonly<{ kind: "boolean"; value: boolean }>
  | Readonly<{ kind: "default" }>
  | Readonly<{ kind: "temporal"; type: "DATE" | "DATETIME"; value: string }>
  | Readonly<{ kind: "column"; parts: readonly string[]; token: Token }>
  | Readonly<{ kind: "variable"; name: string }>
  | Call
  | Readonly<{ kind: "unary"; operator: string; operand: Expr }>
  | Readonly<{ kind: "binary"; operator: string; left: Expr; right: Expr }>
  | Readonly<{ kind: "between"; operand: Expr; low: Expr; high: Expr; not: boolean }>
  | Readonly<{ kind: "in"; operand: Expr; list: readonly Expr[] | Query; not: boolean }>
  | Readonly<{ kind: "like"; operand: Expr; pattern: Expr; regexp: boolean; not: boolean }>
  | Readonly<{ kind: "is-null"; operand: Expr; not: boolean }>
  | Readonly<{ kind: "case"; operand?: Expr; whens: readonly (readonly [Expr, Expr])[]; otherwise?: Expr }>
  | Readonly<{ kind: "cast"; operand: Expr; type: TypeName }>
  | Readonly<{ kind: "exists"; query: Query }>
  | Readonly<{ kind: "subquery"; query: Query }>
  | Readonly<{ kind: "array"; items: readonly Expr[] }>
  | Readonly<{ kind: "row"; items: readonly Expr[] }>
  | Readonly<{ kind: "interval"; amount: Expr; unit: string }>;

export type SelectItem =
  | Readonly<{ kind: "star"; qualifier: readonly string[] }>
  | Readonly<{ kind: "expr"; expr: Expr; name: string; aliased: boolean }>;

export type TableRef = Readonly<{
  kind: "table";
  name: readonly string[];
  token: Token;
  partitions?: readonly string[];
  temporary: boolean;
  alias?: string;
}>;

export type From =
  | TableRef
  | Readonly<{ kind: "derived"; query: Query; alias: string; columns?: readonly string[] }>
  | Readonly<{ kind: "series"; args: readonly Expr[]; alias?: string }>
  | Readonly<{ kind: "join"; join: string; left: From; right: From; on?: Expr; using?: readonly string[] }>;

export type Select = Readonly<{
  kind: "select";
  distinct: boolean;
  items: readonly SelectItem[];
  from?: From;
  where?: Expr;
  groupBy: readonly Expr[];
  having?: Expr;
}>;

export type Body =
  | Select
  | Readonly<{ kind: "set"; operator: string; left: Body; right: Body }>
  | Readonly<{ kind: "values"; rows: readonly (readonly Expr[])[] }>
  | Readonly<{ kind: "nested"; query: Query }>;

export type Query = Readonly<{
  with: readonly Readonly<{ name: string; columns?: readonly string[]; query: Query }>[];
  body: Body;
  orderBy: readonly OrderItem[];
  limit?: string;
  offset?: string;
}>;
