import { decodeValue } from "./decode";
import type { AttributePath, PluginDiagnostic } from "./diagnostics";
import { encodeValue } from "./encode";
import { parseStateJson, valueFromJson } from "./state-json";
import { type CtyType, type Entries, isEntries, type Value } from "./types";
import { Severity, type WireDiagnostic, type WirePath, type WireValue } from "./wire";

/** An object Terraform sent; undefined if it is null. */
export function fromWire(type: CtyType, wire: WireValue | undefined): Entries | undefined {
  if (wire === undefined) return undefined;
  const fromJson = wire.msgpack.length === 0 && wire.json.length > 0;
  const value = fromJson ? valueFromJson(type, parseStateJson(wire.json)) : decodeValue(type, wire.msgpack);
  return isEntries(value) ? value : undefined;
}

export function toWire(type: CtyType, value: Value): { readonly msgpack: Uint8Array } {
  return { msgpack: encodeValue(type, value) };
}

export function toWireDiagnostics(diagnostics: readonly PluginDiagnostic[]): readonly WireDiagnostic[] {
  return diagnostics.map(({ severity, summary, detail, path }) => ({
    severity: Severity[severity],
    summary,
    ...(detail === undefined ? {} : { detail }),
    ...(path === undefined ? {} : { attribute: toWirePath(path) }),
  }));
}

export function toWirePath(path: AttributePath): WirePath {
  return {
    steps: path.map((step) => {
      if (typeof step === "string") return { attributeName: step };
      return typeof step === "number" ? { elementKeyInt: step } : { elementKeyString: step.key };
    }),
  };
}
