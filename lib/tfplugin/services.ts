import type { GrpcServices, UnaryHandler } from "./grpc";
import { createHandlers, type Handlers } from "./handlers";
import type { Provider } from "./provider";
import { type CallName, calls } from "./wire";

/** The calls that Terraform makes to a plugin, answered by `provider`. */
export function pluginServices(provider: Provider): GrpcServices {
  const handlers = createHandlers(provider);
  const names = Object.keys(calls) as CallName[];
  return {
    unary: new Map<string, UnaryHandler>([
      ...names.map((name): [string, UnaryHandler] => [`/tfplugin6.Provider/${name}`, unary(name, handlers)]),
      ["/plugin.GRPCController/Shutdown", shutdown],
    ]),
    // go-plugin's channels for output and for further connections, of which there are none.
    silent: new Set(["/plugin.GRPCStdio/StreamStdio", "/plugin.GRPCBroker/StartStream"]),
  };
}

function unary<Name extends CallName>(name: Name, handlers: Handlers): UnaryHandler {
  const { request, response } = calls[name];
  const handler: Handlers[Name] = handlers[name];
  // The table pairs each name with its own messages, which the compiler can't follow through an index.
  return async (bytes) => response.encode((await handler(request.decode(bytes) as never)) as never);
}

/** Terraform kills a plugin that is still there two seconds after it asked it to go. */
async function shutdown(): Promise<Uint8Array> {
  setTimeout(() => process.exit(0), 20);
  return new Uint8Array();
}
