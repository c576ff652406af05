import { syntaxError } from "../basics/errors.ts";
import { Lexer, type Token } from "./lexer.ts";
import { isReserved } from "./reserved.ts";

/** A reader over the tokens of one statement: look, accept, expect. */
export class Tokens {
  readonly sql: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(sql: string) {
    this.sql = sql;
    this.#tokens = new Lexer(sql).all();
  }

  peek(offset = 0): Token {
    const token = this.#tokens[Math.min(this.#at + offset, this.#tokens.length - 1)];
    if (!token) throw new Error("token stream is empty");
    return token;
  }

  previous(): Token {
    return this.peek(-1);
  }

  get position(): number {
    return this.#at;
  }

  rewind(position: number): void {
    this.#at = position;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#at += 1;
    return token;
  }

  isWord(word: string, offset = 0): boolean {
    const token = this.peek(offset);
    return token.kind === "word" && token.value === word;
  }

  areWords(...words: string[]): boolean {
    return words.every((word, index) => this.isWord(word, index));
  }

  /** Takes all the words, or none. */
  accept(...words: string[]): boolean {
    if (!this.areWords(...words)) return false;
    this.#at += words.length;
    return true;
  }

  acceptAny(...words: string[]): string | undefined {
    return words.find((word) => this.accept(word));
  }

  expect(...words: string[]): void {
    for (const word of words) if (!this.accept(word)) throw this.unexpected(word);
  }

  isOperator(operator: string, offset = 0): boolean {
    const token = this.peek(offset);
    return token.kind === "operator" && token.text === operator;
  }

  acceptOperator(operator: string): boolean {
    if (!this.isOperator(operator)) return false;
    this.#at += 1;
    return true;
  }

  expectOperator(operator: string): void {
    if (!this.acceptOperator(operator)) throw this.unexpected(`'${operator}'`);
  }

  isIdentifier(offset = 0): boolean {
    const token = this.peek(offset);
    return token.kind === "quoted" || (token.kind === "word" && !isReserved(token.value));
  }

  identifier(): string {
    if (!this.isIdentifier()) throw this.unexpected("a legal identifier");
    const token = this.next();
    return token.kind === "quoted" ? token.value : token.text;
  }

  identifierOrString(): string {
    return this.peek().kind === "string" ? this.next().value : this.identifier();
  }

  /** `a`, `a.b` or `a.b.c`. */
  qualifiedName(): string[] {
    const parts = [this.identifier()];
    while (this.acceptOperator(".")) parts.push(this.#namePart());
    return parts;
  }

  /** After a dot every word is a name, reserved or not. */
  #namePart(): string {
    const token = this.peek();
    if (token.kind !== "word" && token.kind !== "quoted") throw this.unexpected("a legal identifier");
    this.next();
    return token.kind === "quoted" ? token.value : token.text;
  }

  string(): string {
    if (this.peek().kind !== "string") throw this.unexpected("a string");
    return this.next().value;
  }

  integer(): number {
    const token = this.peek();
    if (token.kind !== "number" || !/^\d+$/.test(token.text)) throw this.unexpected("an integer");
    this.next();
    return Number(token.text);
  }

  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptOperator(",")) items.push(item());
    return items;
  }

  parenthesised<T>(item: () => T): T {
    this.expectOperator("(");
    const value = item();
    this.expectOperator(")");
    return value;
  }

  expectEnd(): void {
    this.acceptOperator(";");
    if (this.peek().kind !== "end") throw this.unexpected("<EOF>");
  }

  /** Source text between two tokens, as written. */
  textSince(start: Token): string {
    return this.sql.slice(start.start, this.previous().end);
  }

  unexpected(expected: string): Error {
    const token = this.peek();
    const shown = token.kind === "end" ? "<EOF>" : token.text;
    return syntaxError(
      `Unexpected input '${shown}', the most similar input is {${expected}}`,
      token.position,
    );
  }
}
