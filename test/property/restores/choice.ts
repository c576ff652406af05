import fc from "fast-check";

/** A restore of any shape; numbers choose among what there is. */
export interface ChosenRestore {
  readonly point: number;
  /** `time`: the second of the point's cut; `newest`: a time to come. */
  readonly at: "label" | "time" | "newest";
  readonly scope:
    | { readonly kind: "all" }
    | { readonly kind: "group" }
    | { readonly kind: "tables"; readonly numbers: readonly number[] }
    | { readonly kind: "partitions"; readonly table: number; readonly numbers: readonly number[] }
    | { readonly kind: "range"; readonly table: number; readonly from: number; readonly to: number };
  /** `name`: only one table can be given one; several get a suffix. */
  readonly place: "in place" | "suffix" | "name" | "database";
  readonly keepSeconds: number;
}

/** Everything in a point, back to where it was. */
export function everything(point: number): ChosenRestore {
  return { point, at: "label", scope: { kind: "all" }, place: "in place", keepSeconds: week };
}

export const week = 604_800;
const minute = 60;

const number = fc.nat(20);

const scope: fc.Arbitrary<ChosenRestore["scope"]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: "all" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "group" } as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("tables" as const),
      numbers: fc.array(number, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("partitions" as const),
      table: number,
      numbers: fc.array(number, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("range" as const),
      table: number,
      from: fc.integer({ min: 1, max: 5 }),
      to: fc.integer({ min: 1, max: 5 }),
    }),
  },
);

export const chosenRestore: fc.Arbitrary<ChosenRestore> = fc.record({
  point: number,
  at: fc.constantFrom("label", "label", "time", "newest"),
  scope,
  place: fc.constantFrom("in place", "in place", "in place", "in place", "suffix", "name", "database"),
  keepSeconds: fc.constantFrom(week, week, week, minute, 0),
});

export function describeRestore({ point, at, scope, place, keepSeconds }: ChosenRestore): string {
  return `restore(${point} by ${at}, ${JSON.stringify(scope)}, ${place}, keep ${keepSeconds} s)`;
}
