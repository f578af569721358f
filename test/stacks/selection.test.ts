import { selectStacks } from "../../stacks/selection";
import { sampleEstate } from "./sample-estate";
import { synthesize } from "./synth";

test("without patterns every stack is wanted", () => {
  expect(Object.keys(synthesize(sampleEstate()).stacks)).toEqual([
    "groups",
    "promote-oss-staging-lathe",
    "serving",
    "staging-lathe",
  ]);
});

test("a wanted stack is the same as when all are built", () => {
  const all = synthesize(sampleEstate());
  const some = synthesize(sampleEstate(), undefined, selectStacks("staging-*, groups").isWanted);

  expect(some.stacks).toEqual({ groups: all.stacks.groups, "staging-lathe": all.stacks["staging-lathe"] });
});

test("a pattern that matches nothing is told", () => {
  const { isWanted, unused } = selectStacks("staging-lathe,stagin-*");

  expect([isWanted("staging-lathe"), isWanted("staging-lathe-2")]).toEqual([true, false]);
  expect(unused()).toEqual(["stagin-*"]);
});

test("a glob with braces is one pattern", () => {
  const { isWanted, unused } = selectStacks("staging-{lathe,quill},groups");

  expect(["staging-lathe", "staging-quill", "staging-kiln", "groups"].map(isWanted)).toEqual([true, true, false, true]);
  expect(unused()).toEqual([]);
});
