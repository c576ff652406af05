import fc from "fast-check";
import { type ChosenBackup, chosenBackup, describeBackup, runBackup } from "./backup.ts";
import { type ChosenChange, chosenChange, describeChange, runChange } from "./changes.ts";
import type { History, Model } from "./model.ts";
import { type ChosenRestore, describeRestore, runRestore } from "./restore.ts";

type Command = fc.AsyncCommand<Model, History>;

class ChangeCommand implements Command {
  readonly #chosen: ChosenChange;
  constructor(chosen: ChosenChange) {
    this.#chosen = chosen;
  }
  check(model: Readonly<Model>): boolean {
    return model.tables.size > 0;
  }
  async run(model: Model, history: History): Promise<void> {
    await runChange(history, model, this.#chosen);
  }
  toString(): string {
    return describeChange(this.#chosen);
  }
}

class BackupCommand implements Command {
  readonly #chosen: ChosenBackup;
  constructor(chosen: ChosenBackup) {
    this.#chosen = chosen;
  }
  check(): boolean {
    return true;
  }
  async run(model: Model, history: History): Promise<void> {
    await runBackup(history, model, this.#chosen);
  }
  toString(): string {
    return describeBackup(this.#chosen);
  }
}

class RestoreCommand implements Command {
  readonly #chosen: ChosenRestore;
  constructor(chosen: ChosenRestore) {
    this.#chosen = chosen;
  }
  check(model: Readonly<Model>): boolean {
    return model.points.length > 0;
  }
  async run(model: Model, history: History): Promise<void> {
    await runRestore(history, model, this.#chosen);
  }
  toString(): string {
    return describeRestore(this.#chosen);
  }
}

const change = chosenChange.map((chosen) => new ChangeCommand(chosen));
const backup = chosenBackup.map((chosen) => new BackupCommand(chosen));
const restore = fc
  .record({ point: fc.nat(20), table: fc.option(fc.nat(10), { nil: undefined, freq: 2 }) })
  .map((chosen) => new RestoreCommand(chosen));

/** Histories: mostly business, a backup every few statements, a restore now and then. */
export const histories = fc.commands(
  [change, change, change, change, change, change, backup, backup, restore],
  {
    maxCommands: 24,
    size: "max",
  },
);
