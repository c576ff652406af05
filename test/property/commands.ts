import fc from "fast-check";
import { type ChosenBackup, chosenBackup, describeBackup, runBackup } from "./backup.ts";
import { type ChosenChange, chosenChange, describeChange, runChange } from "./changes.ts";
import type { History, Model } from "./model.ts";
import { type ChosenRestore, chosenRestore, describeRestore } from "./restores/choice.ts";
import { type ChosenCleanup, describeCleanup, runCleanup } from "./restores/cleanup.ts";
import { runRestore } from "./restores/restore.ts";
import { type ChosenUndo, describeUndo, runUndo } from "./restores/undo.ts";

type Command = fc.AsyncCommand<Model, History>;

/** What a command of a kind is made of. */
interface Kind<Chosen> {
  readonly applies: (model: Readonly<Model>) => boolean;
  readonly run: (history: History, model: Model, chosen: Chosen) => Promise<unknown>;
  readonly describe: (chosen: Chosen) => string;
}

function commands<Chosen>(chosen: fc.Arbitrary<Chosen>, kind: Kind<Chosen>): fc.Arbitrary<Command> {
  return chosen.map((each) => ({
    check: kind.applies,
    run: async (model: Model, history: History) => void (await kind.run(history, model, each)),
    toString: () => kind.describe(each),
  }));
}

const change = commands<ChosenChange>(chosenChange, {
  applies: ({ tables }) => tables.size > 0,
  run: runChange,
  describe: describeChange,
});
const backup = commands<ChosenBackup>(chosenBackup, {
  applies: () => true,
  run: runBackup,
  describe: describeBackup,
});
const restore = commands<ChosenRestore>(chosenRestore, {
  applies: ({ points }) => points.length > 0,
  run: runRestore,
  describe: describeRestore,
});
const undo = commands<ChosenUndo>(
  fc.record({ restore: fc.nat(20), table: fc.option(fc.nat(10), { nil: undefined, freq: 2 }) }),
  { applies: ({ restores }) => restores.length > 0, run: runUndo, describe: describeUndo },
);
const cleanup = commands<ChosenCleanup>(
  fc.record({
    kind: fc.constantFrom("due", "named", "run", "dry"),
    number: fc.nat(10),
    seconds: fc.constantFrom(0, 0, 100),
  }),
  { applies: ({ restores }) => restores.length > 0, run: runCleanup, describe: describeCleanup },
);

const size = { maxCommands: 24, size: "max" } as const;

/** Histories: mostly business, a backup every few statements, a restore now and then, which may be taken back. */
export const histories = fc.commands(
  [change, change, change, change, change, change, backup, backup, restore, undo, cleanup],
  size,
);

/** Histories of somebody who restores and takes back all the time. */
export const restoreHistories = fc.commands(
  [change, change, change, backup, restore, restore, restore, undo, undo, cleanup],
  size,
);
