import { replaceUpstreamModule, upstreamRequire } from "./upstream-modules";

/**
 * What cdktf-cli loads at each start, though only `convert`, `get` and `init` use it: a translator from HCL with its
 * compilers, and two Go programs in WebAssembly, half of the start together. With all names that they export.
 */
export const POSTPONED: Readonly<Record<string, readonly string[]>> = {
  "@cdktf/hcl2cdk": [
    ...["CODE_MARKER", "attributeNameToCdktfName", "convert", "convertProject", "convertToTypescript", "getParsedHcl"],
    ...["getTerraformConfigFromDir", "isRegistryModule", "parseProviderRequirements"],
  ],
  "@cdktf/hcl-tools": ["format"],
  "@cdktf/hcl2json": [
    ...["TFExpressionSyntaxTree", "convertFiles", "getExpressionAst", "getReferencesInExpression", "parse"],
    "wrapTerraformExpression",
  ],
};

/** Puts a module into Node's cache that loads the real one as soon as something of it is used. */
function postpone(name: string, exported: readonly string[]): void {
  let real: Readonly<Record<string, unknown>> | undefined;
  function load(): Readonly<Record<string, unknown>> {
    if (real === undefined) {
      delete upstreamRequire.cache[path];
      real = upstreamRequire(path) as Readonly<Record<string, unknown>>;
    }
    return real;
  }
  const exports = {};
  for (const key of exported) Object.defineProperty(exports, key, { enumerable: true, get: () => load()[key] });
  const path = replaceUpstreamModule(name, exports);
}

// Done by loading this module, so that `node --require` can do it in front of a program.
for (const [name, exported] of Object.entries(POSTPONED)) postpone(name, exported);
