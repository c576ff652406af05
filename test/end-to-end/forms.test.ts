import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { WindmillYamlValidator } from "windmill-yaml-validator";
import { parse } from "yaml";
import * as z from "zod";
import { withoutBlanks } from "../../lib/windmill/forms/blanks.ts";
import { starrocksResource } from "../../lib/windmill/forms/fields.ts";
import { builtForm } from "../../local/windmill/form/built-form.ts";
import { type FilledForm, fillIn } from "../../local/windmill/form/fill-in.ts";
import type { FormField, FormSchema } from "../../windmill/form-schema.ts";
import { isJsonObject, type Json, type JsonObject } from "../../windmill/json.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

async function names(folder: string, suffix: string): Promise<readonly string[]> {
  const entries = await readdir(`${repository}${folder}`);
  return entries.filter((entry) => entry.endsWith(suffix)).map((entry) => entry.slice(0, -suffix.length));
}

/** The input as zod checks it, from the source of a script or a flow. */
async function inputOf(kind: "script" | "flow", name: string): Promise<z.ZodObject> {
  const module: unknown = await import(
    kind === "script" ? `../../scripts/${name}.ts` : `../../flows/${name}.flow/input.ts`
  );
  const source = z.object({ input: z.instanceof(z.ZodObject) });
  return kind === "script"
    ? z.object({ script: source }).parse(module).script.input
    : source.parse(module).input;
}

const resource = { host: "fe1", port: 9030, user: "backup", password: "x", ssl: false, ca_cert: "" };

/** What the step gets: the resource instead of its reference, and null for what was not sent. */
function atTheDoor(schema: FormSchema, args: JsonObject): unknown {
  const received = schema.order.map((name) => [name, resolved(args[name])]);
  return withoutBlanks(Object.fromEntries(received));
}

function resolved(value: Json = null): Json {
  return value === "$res:f/ops/starrocks" ? resource : value;
}

/** What a person fills in where a form asks for it. */
const sample: JsonObject = {
  starrocks: "$res:f/ops/starrocks",
  group: "critical",
  run_id: "backup_0a1b2c3d",
  plan_hash: "00112233445566778899aabbccddeeff",
  target_label: "sales_20251125_030000_full",
  error: { message: "It broke." },
};

/** No form can say that one of two fields is needed; their descriptions and the check at run time do. */
const neededToo: Readonly<Record<string, readonly string[]>> = { restore_plan: ["target_label"] };

function answers(fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields.map((name) => {
      const value = sample[name];
      if (value === undefined) throw new Error(`the test has no sample for the required field ${name}`);
      return [name, value];
    }),
  );
}

function argsOf(form: FilledForm): JsonObject {
  if (form.kind === "ready") return form.args;
  throw new Error(`Run is greyed out: ${JSON.stringify(form.faults)}`);
}

const forms = [
  ...(await names("scripts", ".ts")).map((name) => ["script", name] as const),
  ...(await names("flows", ".flow")).map((name) => ["flow", name] as const),
];

describe.each(forms)("the form of %s %s", (kind, name) => {
  test("can be run with its required fields filled in, and the step takes what it sends", async () => {
    const schema = await builtForm(kind, name);
    const needed = [...schema.required, ...(kind === "script" ? (neededToo[name] ?? []) : [])];
    const args = argsOf(fillIn(schema, answers(needed)));
    const parsed = (await inputOf(kind, name)).safeParse(atTheDoor(schema, args));
    expect(parsed.error).toBeUndefined();
  });

  test("cannot be run while a required field is empty", async () => {
    const schema = await builtForm(kind, name);
    // The form of an object is never empty: that nothing is in it is seen at the door.
    const fields = schema.required.filter((field) => schema.properties[field]?.properties === undefined);
    for (const missing of fields) {
      const others = answers(schema.required.filter((field) => field !== missing));
      const faults = [{ field: missing, message: expect.any(String) }];
      expect(fillIn(schema, others)).toEqual({ kind: "disabled", faults });
    }
  });

  test("could not be run with any of its fields broken, so the first test can fail", async () => {
    const schema = await builtForm(kind, name);
    const filled = answers(schema.required);
    for (const field of schema.order) {
      for (const broken of mutations(schema.properties[field], schema.required.includes(field))) {
        const properties = { ...schema.properties, [field]: broken };
        const form = fillIn({ ...schema, properties }, filled);
        expect(form, `${field}: ${JSON.stringify(broken)}`).toMatchObject({
          kind: "disabled",
          faults: [{ field }],
        });
      }
    }
  });

  test("says in words what to write", async () => {
    for (const [field, { title, pattern, customErrorMessage }] of Object.entries(
      (await builtForm(kind, name)).properties,
    )) {
      expect(title, field).toEqual(expect.stringMatching(/^[A-Z]/));
      if (pattern !== undefined)
        expect(customErrorMessage, field).toEqual(expect.stringMatching(/^[A-Z].*\.$/));
    }
  });
});

test("the form of the resource can be saved with its required fields filled in, and is a resource", async () => {
  const text = await readFile(`${repository}starrocks.resource-type.yaml`, "utf8");
  const { schema }: { readonly schema: FormSchema } = parse(text);
  const saved = argsOf(fillIn(schema, { host: "fe1", user: "backup" }));
  const { data } = starrocksResource.safeParse(withoutBlanks(saved));
  expect(data).toEqual({
    ...saved,
    ...{
      ca_cert: undefined,
      client_cert: undefined,
      client_key: undefined,
      repository: undefined,
      time_zone: undefined,
    },
  });
});

/** The ways in which a field was once, or could be, emitted wrong. */
function mutations(field: FormField | undefined, required: boolean): readonly FormField[] {
  if (field === undefined || required) return [];
  const { pattern } = field;
  return [
    ...(typeof pattern === "string" && field.default === undefined
      ? [{ ...field, pattern: pattern.replace("^$|", "") }]
      : []),
    ...(field["min"] !== undefined && field.default === undefined ? [{ ...field, max: 10 }] : []),
    ...(field.type === "integer" && field.default !== undefined
      ? [{ ...field, min: Number(field.default) + 1 }]
      : []),
    ...(field.type === "array" ? [{ ...field, default: "" }] : []),
  ];
}

describe("a schedule of README", async () => {
  const readme = await readFile(`${repository}README.md`, "utf8");
  const schedules = [...readme.matchAll(/```yaml\n(.*?)```/gs)]
    .map(([, text = ""]) => text)
    .filter((text) => parse(text)?.schedule !== undefined);

  test("is there", () => expect(schedules).not.toEqual([]));

  describe.each(schedules)("%s", (text) => {
    const { script_path, is_flow, args }: { script_path: string; is_flow: boolean; args: JsonObject } =
      parse(text);
    const kind = is_flow ? "flow" : "script";
    const name = script_path.slice(script_path.lastIndexOf("/") + 1);

    test("is a schedule of something that is built", async () => {
      const { errors } = new WindmillYamlValidator().validate(text, { type: "schedule" });
      expect(errors).toEqual([]);
      expect(isJsonObject(args)).toBe(true);
      expect(forms).toContainEqual([kind, name]);
    });

    test("runs as it is pushed: without defaults", async () => {
      const schema = await builtForm(kind, name);
      const parsed = (await inputOf(kind, name)).safeParse(atTheDoor(schema, args));
      expect(parsed.error).toBeUndefined();
    });

    test("can be saved from the editor, and runs as it is saved", async () => {
      const schema = await builtForm(kind, name);
      const saved = argsOf(fillIn(schema, args));
      const parsed = (await inputOf(kind, name)).safeParse(atTheDoor(schema, saved));
      expect(parsed.error).toBeUndefined();
    });
  });
});
