import type { Http2Server, ServerHttp2Session, ServerHttp2Stream, ServerOptions } from "node:http2";

// gRPC over node:http2 as far as a Terraform plugin needs it: unary calls, and streams that are held open and silent.
// A general library costs 65 ms more at each start, and a plan starts the provider three times.

/** Status codes of gRPC. */
export const Status = { ok: 0, invalidArgument: 3, unimplemented: 12, internal: 13 } as const;

/** Answers the bytes of one request with the bytes of one response. */
export type UnaryHandler = (request: Buffer) => Promise<Uint8Array>;

export interface GrpcServices {
  /** By path, e.g. `/tfplugin6.Provider/ReadResource`. */
  readonly unary: ReadonlyMap<string, UnaryHandler>;

  /** Paths of streams on which the plugin never says anything. */
  readonly silent: ReadonlySet<string>;
}

/** An error that the caller should see with this status. */
export class GrpcError extends Error {
  override readonly name = "GrpcError";

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Of an error's text: the headers of an answer must fit into 64 kB, and a character may take nine bytes. */
const MAX_ERROR_LENGTH = 4000;

/** Terraform sends whole states in one message, and HTTP/2's default window would fetch them in steps of 64 kB. */
const WINDOW_BYTES = 16 * 1024 * 1024;

/** For `createServer`. Node's limit of 10 MB per connection is against strangers; a state can be much larger. */
export const grpcServerOptions: ServerOptions = {
  settings: { initialWindowSize: WINDOW_BYTES },
  maxSessionMemory: 1024,
};

/** Lets `server`, made with `grpcServerOptions`, answer gRPC calls: those of each connection with services of its own. */
export function serveGrpc(server: Http2Server, createServices: () => GrpcServices): void {
  const ofSession = new WeakMap<object, GrpcServices>();
  server.on("session", (session: ServerHttp2Session) => {
    session.setLocalWindowSize(WINDOW_BYTES);
    ofSession.set(session, createServices());
  });
  server.on("stream", (stream, headers) => {
    // A caller that goes away in the middle is no failure of ours; the session's end is watched elsewhere.
    stream.on("error", () => {});
    const services = stream.session && ofSession.get(stream.session);
    if (services === undefined) return stream.destroy();
    const path = String(headers[":path"]);
    if (services.silent.has(path)) return holdOpen(stream);
    answer(stream, path, services.unary.get(path)).catch((error: unknown) => fail(stream, error));
  });
}

async function answer(stream: ServerHttp2Stream, path: string, handler: UnaryHandler | undefined): Promise<void> {
  if (handler === undefined) throw new GrpcError(Status.unimplemented, `${path}: not served by this provider`);
  const response = await handler(await receive(stream));
  if (stream.destroyed) return;
  start(stream);
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(Status.ok) }));
  stream.end(framed(response));
}

function holdOpen(stream: ServerHttp2Stream): void {
  start(stream);
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(Status.ok) }));
  stream.resume();
}

function start(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
}

/** Ends a call with an error; one whose response is already under way is cut off. */
function fail(stream: ServerHttp2Stream, error: unknown): void {
  if (stream.destroyed) return;
  if (stream.headersSent) {
    stream.destroy();
    return;
  }
  const status = error instanceof GrpcError ? error.status : Status.internal;
  const text = error instanceof Error ? error.message : String(error);
  stream.respond(
    {
      ":status": 200,
      "content-type": "application/grpc",
      "grpc-status": String(status),
      // Through a buffer, as half of a character can't be encoded.
      "grpc-message": encodeURIComponent(Buffer.from(text.slice(0, MAX_ERROR_LENGTH)).toString()),
    },
    { endStream: true },
  );
}

/** The one message of a unary request. */
async function receive(stream: ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (body.length < 5) throw new GrpcError(Status.internal, "the request holds no message");
  if (body[0] !== 0) throw new GrpcError(Status.unimplemented, "compressed requests are not served");
  const size = body.readUInt32BE(1);
  if (body.length !== size + 5) throw new GrpcError(Status.internal, "the request must hold exactly one message");
  return body.subarray(5);
}

/** A message with its prefix: not compressed, and its length. */
function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(message.length + 5);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
}
