import { bool, bytes, type Input, integer, mapOf, message, nested, type Output, repeated, string } from "./protobuf";
import { wireSchema } from "./wire-schema";

// Terraform's plugin protocol, version 6: the messages this framework exchanges, with the field numbers Terraform gives
// them. Fields that this framework neither sets nor looks at are left out; readers skip what they don't know.

/** A Terraform value, as msgpack (both directions) or JSON (received only). */
export const dynamicValue = message({ msgpack: bytes(1), json: bytes(2) });
export type WireValue = Output<typeof dynamicValue>;

/** Exactly one of the three is set. */
const pathStep = message({ attributeName: string(1), elementKeyString: string(2), elementKeyInt: integer(3) });
export const attributePath = message({ steps: repeated(1, pathStep) });
export type WirePath = Input<typeof attributePath>;

export const Severity = { error: 1, warning: 2 } as const;
const diagnostic = message({
  severity: integer(1),
  summary: string(2),
  detail: string(3),
  attribute: nested(4, attributePath),
});
export type WireDiagnostic = Input<typeof diagnostic>;

const serverCapabilities = message({ planDestroy: bool(1), getProviderSchemaOptional: bool(2) });

const nothing = message({});

/** The calls of `tfplugin6.Provider` that are served, by the protocol's names. */
export const calls = {
  GetProviderSchema: {
    request: nothing,
    response: message({
      provider: nested(1, wireSchema),
      resourceSchemas: mapOf(2, wireSchema),
      dataSourceSchemas: mapOf(3, wireSchema),
      diagnostics: repeated(4, diagnostic),
      serverCapabilities: nested(6, serverCapabilities),
    }),
  },
  ValidateProviderConfig: {
    request: message({ config: nested(1, dynamicValue) }),
    response: message({ diagnostics: repeated(2, diagnostic) }),
  },
  ConfigureProvider: {
    request: message({ terraformVersion: string(1), config: nested(2, dynamicValue) }),
    response: message({ diagnostics: repeated(1, diagnostic) }),
  },
  ValidateResourceConfig: {
    request: message({ typeName: string(1), config: nested(2, dynamicValue) }),
    response: message({ diagnostics: repeated(1, diagnostic) }),
  },
  ValidateDataResourceConfig: {
    request: message({ typeName: string(1), config: nested(2, dynamicValue) }),
    response: message({ diagnostics: repeated(1, diagnostic) }),
  },
  UpgradeResourceState: {
    request: message({ typeName: string(1), version: integer(2), rawState: nested(3, message({ json: bytes(1) })) }),
    response: message({ upgradedState: nested(1, dynamicValue), diagnostics: repeated(2, diagnostic) }),
  },
  ReadResource: {
    request: message({ typeName: string(1), currentState: nested(2, dynamicValue), private: bytes(3) }),
    response: message({ newState: nested(1, dynamicValue), diagnostics: repeated(2, diagnostic), private: bytes(3) }),
  },
  PlanResourceChange: {
    request: message({
      typeName: string(1),
      priorState: nested(2, dynamicValue),
      proposedNewState: nested(3, dynamicValue),
      config: nested(4, dynamicValue),
      priorPrivate: bytes(5),
    }),
    response: message({
      plannedState: nested(1, dynamicValue),
      requiresReplace: repeated(2, attributePath),
      plannedPrivate: bytes(3),
      diagnostics: repeated(4, diagnostic),
      legacyTypeSystem: bool(5),
    }),
  },
  ApplyResourceChange: {
    request: message({
      typeName: string(1),
      priorState: nested(2, dynamicValue),
      plannedState: nested(3, dynamicValue),
      config: nested(4, dynamicValue),
      plannedPrivate: bytes(5),
    }),
    response: message({
      newState: nested(1, dynamicValue),
      private: bytes(2),
      diagnostics: repeated(3, diagnostic),
      legacyTypeSystem: bool(4),
    }),
  },
  ImportResourceState: {
    request: message({ typeName: string(1), id: string(2) }),
    response: message({
      importedResources: repeated(
        1,
        message({ typeName: string(1), state: nested(2, dynamicValue), private: bytes(3) }),
      ),
      diagnostics: repeated(2, diagnostic),
    }),
  },
  ReadDataSource: {
    request: message({ typeName: string(1), config: nested(2, dynamicValue) }),
    response: message({ state: nested(1, dynamicValue), diagnostics: repeated(2, diagnostic) }),
  },
  StopProvider: { request: nothing, response: message({ error: string(1) }) },
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type CallRequest<Name extends CallName> = Output<Calls[Name]["request"]>;
export type CallResponse<Name extends CallName> = Input<Calls[Name]["response"]>;
