import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bundleScript } from "../../build/script/bundle.ts";
import { thirdPartyNotices } from "../../build/third-party-notices.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

test("the notices name each bundled package once, with its licence", async () => {
  const script = fileURLToPath(new URL("fixtures/scripts/greet.ts", import.meta.url));
  const { inputs } = await bundleScript(script, repository);
  const notices = await thirdPartyNotices(repository, inputs);
  expect(notices.match(/^\S+ \d+\.\d+\.\d+ \(.*\)$/gm)).toEqual([
    expect.stringMatching(/^fastest-levenshtein .* \(MIT\)$/),
    expect.stringMatching(/^zod .* \(MIT\)$/),
  ]);
  expect(notices).toContain("Permission is hereby granted");
});
