import type { Problem } from "./problem";
import { quote } from "./suggest";

/** What is wrong with a SHA-256 as a manifest gives it. */
export function sha256Problem(text: string): Problem | undefined {
  if (/^[0-9a-f]{64}$/.test(text)) return undefined;
  const rule = "manifest/sha256";
  if (/^[0-9a-fA-F]{64}$/.test(text)) {
    return { what: `the hash ${quote(text)} has upper-case digits`, repair: `Write ${text.toLowerCase()}.`, rule };
  }
  const bare = text.trim().replace(/^sha256:/i, "");
  if (bare !== text && sha256Problem(bare) === undefined) {
    return { what: `the hash ${quote(text)} is more than its digits`, repair: `Write ${bare}.`, rule };
  }
  const algorithm = { 32: "an MD5", 40: "a SHA-1", 96: "a SHA-384", 128: "a SHA-512" }[text.length];
  const guess = algorithm !== undefined && /^[0-9a-fA-F]+$/.test(text) ? `, which is ${algorithm}` : "";
  const what = `expected 64 hexadecimal digits, found ${quote(text)} with ${text.length} characters${guess}`;
  return {
    what,
    repair: "Write what sha256sum prints for the file; npx artifacts manifest makes whole manifests.",
    rule,
  };
}
