import { describe, expect, test } from "vitest";
import * as z from "zod";
import { formSchemaOf } from "../../../build/schema/form-schema-of.ts";
import type { Bundle } from "../../../build/script/bundle.ts";
import { checkScript } from "../../../build/script/check-script.ts";

const schema = formSchemaOf(
  z.object({ name: z.string(), mode: z.enum(["a", "b"]).default("a"), n: z.number().optional() }),
);
const header =
  '/* x */\nexport async function main(name: string, mode: "a" | "b" = "a", n?: number) { return __impl.run({}); }\n';
const body = "var __impl=(()=>({run:()=>1}))();";

function rulesBrokenBy(code: string, bundle: Partial<Bundle> = {}): string {
  return checkScript(code, schema, { code: "", externals: [], inputs: [], ...bundle }).join("\n");
}

describe("an emitted script", () => {
  test("of the right shape breaks no rule", () => {
    expect(rulesBrokenBy(header + body, { externals: ["net", "node:tls", "fs/promises"] })).toBe("");
  });

  test.each([
    ["starts with code", header.slice(header.indexOf("\n") + 1) + body, "block comment"],
    ["has an annotation line", `/* x */\n// native\n${header.slice(8)}${body}`, "annotation"],
    [
      "looks like workflow-as-code",
      `${header}${body}\nimport { workflow } from "windmill-client";`,
      "workflows",
    ],
    ["imports a package", header.replace("export", 'import x from "left-pad";\nexport') + body, "left-pad"],
    ["is too large", `${header}${body}/*${"x\n".repeat(450_000)}*/`, "bytes"],
    ["has a very long line", `${header}${body}/*${"x".repeat(20_000)}*/`, "characters"],
    [
      "hides main in a constant",
      `/* x */\nexport const main = async (name: string) => 1;\n${body}`,
      "no main",
    ],
    [
      "swaps parameters",
      header.replace('name: string, mode: "a" | "b" = "a"', 'mode: "a" | "b" = "a", name: string') + body,
      "order",
    ],
    ["forgets a default", header.replace(' = "a"', "") + body, "required"],
    ["loses a choice", header.replace(' | "b"', "") + body, "disagree on mode"],
    ["has another type", header.replace("n?: number", "n?: boolean") + body, "disagree on n"],
  ])("that %s is refused", (_, code, rule) => {
    expect(rulesBrokenBy(code)).toContain(rule);
  });

  test("whose bundle still imports a package is refused", () => {
    expect(rulesBrokenBy(header + body, { externals: ["mysql2"] })).toContain("imports mysql2");
  });
});
