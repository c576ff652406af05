import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { thirdPartyNotice } from "../../build/notice.ts";
import { bundleScript } from "../../build/script/bundle.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

test("the notice names each bundled package once, with its licence", async () => {
  const script = fileURLToPath(new URL("fixtures/scripts/greet.ts", import.meta.url));
  const { inputs } = await bundleScript(script, repository);
  const notice = await thirdPartyNotice(repository, inputs);
  expect(notice.match(/^\S+ \d+\.\d+\.\d+ \(.*\)$/gm)).toEqual([expect.stringMatching(/^zod .* \(MIT\)$/)]);
  expect(notice).toContain("Permission is hereby granted");
});
