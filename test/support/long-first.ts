import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Whose files take the longest: each step of a flow in them is a process. */
const long = ["test/end-to-end/", "test/property/"];

/** Starts the long files first, so that no worker is left with one at the end while the others have nothing to do. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => {
      const path = relative(this.ctx.config.root, moduleId);
      return long.some((folder) => path.startsWith(folder));
    };
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
