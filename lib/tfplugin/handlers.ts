import { GrpcError, Status } from "./grpc";
import { attempt } from "./operation";
import type { AnyDataSource, Provider } from "./provider";
import { ResourceHandlers } from "./resource-handlers";
import { type Schema, typeOfBlock } from "./schema";
import type { CallName, CallRequest, CallResponse } from "./wire";
import { schemaMessage } from "./wire-schema";
import { fromWire, toWire, toWireDiagnostics } from "./wire-values";

/** Answers to every call of the protocol that is served; `stop` is what StopProvider triggers. */
export type Handlers = {
  readonly [Name in CallName]: (request: CallRequest<Name>) => Promise<CallResponse<Name>>;
};

export function createHandlers(provider: Provider, stop = new AbortController()): Handlers {
  const { signal } = stop;
  const legacy = provider.legacyTypeSystem ?? false;
  const resources = new Map(provider.resources.map((one) => [one.type, new ResourceHandlers(one, signal, legacy)]));
  const dataSources = new Map((provider.dataSources ?? []).map((one) => [one.type, one]));
  const providerSchema: Schema = provider.schema ?? { attributes: {} };
  const providerType = typeOfBlock(providerSchema);

  return {
    async GetProviderSchema() {
      return {
        provider: schemaMessage(providerSchema),
        resourceSchemas: schemasOf(provider.resources),
        dataSourceSchemas: schemasOf(provider.dataSources ?? []),
        // Destroying asks for a plan too; a schema that Terraform knows already need not be fetched again.
        serverCapabilities: { planDestroy: true, getProviderSchemaOptional: true },
      };
    },
    async ValidateProviderConfig(request) {
      const config = fromWire(providerType, request.config) ?? {};
      const { diagnostics } = await attempt(signal, (context) => provider.validate?.(config, context));
      return { diagnostics: toWireDiagnostics(diagnostics) };
    },
    async ConfigureProvider(request) {
      const config = fromWire(providerType, request.config) ?? {};
      const { diagnostics } = await attempt(signal, (context) => provider.configure?.(config, context));
      return { diagnostics: toWireDiagnostics(diagnostics) };
    },
    ValidateResourceConfig: async (request) => find(resources, request.typeName).validate(request),
    UpgradeResourceState: async (request) => find(resources, request.typeName).upgrade(request),
    ReadResource: async (request) => find(resources, request.typeName).read(request),
    PlanResourceChange: async (request) => find(resources, request.typeName).plan(request),
    ApplyResourceChange: async (request) => find(resources, request.typeName).apply(request),
    ImportResourceState: async (request) => find(resources, request.typeName).import(request),
    async ValidateDataResourceConfig(request) {
      const source = find(dataSources, request.typeName);
      const config = fromWire(typeOfBlock(source.schema), request.config) ?? {};
      const { diagnostics } = await attempt(signal, (context) => source.validate?.(config, context));
      return { diagnostics: toWireDiagnostics(diagnostics) };
    },
    ReadDataSource: async (request) => readDataSource(find(dataSources, request.typeName), request, signal),
    async StopProvider() {
      stop.abort(new Error("interrupted"));
      return {};
    },
  };
}

async function readDataSource(
  source: AnyDataSource,
  request: CallRequest<"ReadDataSource">,
  signal: AbortSignal,
): Promise<CallResponse<"ReadDataSource">> {
  const type = typeOfBlock(source.schema);
  const config = fromWire(type, request.config) ?? {};
  const { value, diagnostics } = await attempt(signal, (context) => source.read(config, context));
  return { state: toWire(type, value), diagnostics: toWireDiagnostics(diagnostics) };
}

function schemasOf(things: readonly { readonly type: string; readonly schema: Schema }[]) {
  return Object.fromEntries(things.map(({ type, schema }) => [type, schemaMessage(schema)]));
}

function find<T>(things: ReadonlyMap<string, T>, type: string): T {
  const thing = things.get(type);
  if (thing === undefined) throw new GrpcError(Status.invalidArgument, `${type}: this provider has no such type`);
  return thing;
}
