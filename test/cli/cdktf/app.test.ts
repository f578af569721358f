import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertProvidersStart } from "../../../lib/cli/cdktf/app";

test("stacks are planned inside of the checkout, and nowhere else", () => {
  const outside = mkdtempSync(join(tmpdir(), "output-"));
  const link = join(outside, "link");
  symlinkSync(process.cwd(), link);
  try {
    expect(() => assertProvidersStart("cdktf.out")).not.toThrow();
    expect(() => assertProvidersStart("not/yet/there")).not.toThrow();
    expect(() => assertProvidersStart(link)).not.toThrow();
    expect(() => assertProvidersStart(outside)).toThrow(/^the output folder ".*" lies outside of the checkout/);
  } finally {
    rmSync(outside, { recursive: true });
  }
});
