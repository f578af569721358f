import { z } from "zod";
import { objectNameProblem } from "../../model/object-names";
import { sha256Problem } from "../../model/sha256";
import { listOfFile, shapedText, text } from "./scalars";

const line = z.strictObject({
  name: text(objectNameProblem).describe("The file's path below the filestores' bases."),
  sha256: shapedText(sha256Problem, { pattern: "^[0-9a-f]{64}$" }).describe(
    "SHA-256 of its bytes: 64 lower-case hexadecimal digits.",
  ),
});

/** Schema of `manifests/<directory>/*.yaml`: the files of a release. */
export const manifestFile = z.strictObject({
  files: listOfFile(line).describe("The files. An empty list is legal."),
});
