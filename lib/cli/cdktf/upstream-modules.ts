import Module, { createRequire } from "node:module";

/** Finds modules as cdktf-cli does. */
export const upstreamRequire = createRequire(require.resolve("cdktf-cli/bundle/bin/cdktf.js"));

/** Puts exports of ours into Node's cache in the place of a module. Returns its path. */
export function replaceUpstreamModule(name: string, exports: object): string {
  const path = upstreamRequire.resolve(name);
  const module = new Module(path);
  module.loaded = true;
  module.exports = Object.defineProperty(exports, "__esModule", { value: true });
  upstreamRequire.cache[path] = module;
  return path;
}
