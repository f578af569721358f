import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import type { Identity } from "./auth";
import type { StoreContext } from "./context";
import type { Environment } from "./endpoints";
import type { About } from "./http";
import type { StoreError } from "./object-store";
import { withRetries } from "./retry";
import { bucketRegionOf, s3Error } from "./s3-errors";
import { type ProxyAgents, proxyAgents } from "./s3-proxy";

export type S3Sdk = typeof import("@aws-sdk/client-s3");

/** Speaks to S3, one attempt per call, always to the region that holds the bucket. */
export interface S3Caller {
  readonly endpoint: string;
  readonly identity: string;

  /** Makes one call; whatever the SDK throws leaves as a `StoreError`. */
  call<T>(bucket: string, about: About, use: (client: S3Client, sdk: S3Sdk) => Promise<T>): Promise<T>;

  /** The same translation for what breaks after a call has returned, such as the body of an answer. */
  failure(error: unknown, about: About): StoreError;
}

/**
 * Google's identities mean nothing to S3: whoever is not anonymous is found the way every AWS tool finds it (environment,
 * profile, web identity, instance role).
 */
export function s3Caller(identity: Identity, context: StoreContext): S3Caller {
  const { env } = context;
  const isAnonymous = identity.kind === "anonymous";
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  let name = isAnonymous ? "anonymous" : "AWS default credentials";
  const clients = new Map<string, Promise<S3Client>>();
  const regions = new Map<string, Promise<string>>();

  async function clientFor(region: string): Promise<S3Client> {
    const sdk = await loadSdk();
    const made = clients.get(region) ?? connect(sdk, region);
    clients.set(region, made);
    made.catch(() => clients.delete(region));
    return made;
  }

  /** Without credentials of any kind S3 is asked as nobody: what is public can be read. */
  async function connect({ S3Client }: S3Sdk, region: string): Promise<S3Client> {
    const agents = await proxyAgents(endpoint ?? `https://s3.${region}.amazonaws.com`);
    const asNobody = () => new S3Client(configuration(region, true, endpoint, context, agents));
    if (isAnonymous) return asNobody();
    const client = new S3Client(configuration(region, false, endpoint, context, agents));
    try {
      await client.config.credentials();
      return client;
    } catch (error) {
      if (!/^Could not load credentials from any providers/.test(String((error as Error).message))) return client;
      name = "nobody, as no AWS credentials were found";
      return asNobody();
    }
  }

  /** Any region knows where a bucket is, and says so even to those who may not enter. */
  async function findRegion(bucket: string, { signal }: About): Promise<string> {
    const usual = env.AWS_REGION || env.AWS_DEFAULT_REGION || "us-east-1";
    const subject = `look up the region of s3://${bucket}`;
    const [{ HeadBucketCommand }, client] = [await loadSdk(), await clientFor(usual)];
    return withRetries(unlimited(context), subject, signal, async () => {
      try {
        const options = signal === undefined ? {} : { abortSignal: signal };
        const { BucketRegion } = await client.send(new HeadBucketCommand({ Bucket: bucket }), options);
        return BucketRegion || usual;
      } catch (error) {
        const told = bucketRegionOf(error);
        if (told !== undefined) return told;
        const failure = s3Error(error, { subject, signal }, name);
        // A 403 without a region comes from a service that has none.
        if (failure.kind === "forbidden") return usual;
        throw failure;
      }
    });
  }

  function regionOf(bucket: string, about: About): Promise<string> {
    const known = regions.get(bucket) ?? findRegion(bucket, about);
    regions.set(bucket, known);
    known.catch(() => regions.delete(bucket));
    return known;
  }

  return {
    failure: (error, about) => s3Error(error, about, name),
    endpoint: endpoint ?? "https://s3.amazonaws.com",
    get identity() {
      return name;
    },
    async call(bucket, about, use) {
      const client = await clientFor(await regionOf(bucket, about));
      try {
        return await use(client, await loadSdk());
      } catch (error) {
        throw s3Error(error, about, name);
      }
    },
  };
}

let sdk: Promise<S3Sdk> | undefined;

/** The SDK costs a noticeable part of a second: only runs that meet an `s3://` base pay for it. */
function loadSdk(): Promise<S3Sdk> {
  // It would print a paragraph about the Node versions of its future into every log.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  sdk ??= import("@aws-sdk/client-s3");
  return sdk;
}

/** For calls made while the caller already holds a slot: taking a second one could wait for ever. */
export function unlimited(context: StoreContext): StoreContext {
  const limiter: StoreContext["limiter"] = {
    capacity: Number.POSITIVE_INFINITY,
    run: (_units, _signal, work) => work(),
    acquire: async () => () => undefined,
  };
  return { ...context, limiter };
}

function configuration(
  region: string,
  isAnonymous: boolean,
  endpoint: string | undefined,
  { env, retry }: StoreContext,
  agents: ProxyAgents,
): S3ClientConfig {
  const seconds = Math.max(retry.answerTimeoutSeconds, retry.idleTimeoutSeconds);
  return {
    region,
    // Our own retries know which calls may be repeated and what a 412 on a repeated write means.
    maxAttempts: 1,
    // The SHA-256 that the manifest promises is sent instead of the SDK's CRC32.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // What goes wrong is thrown, and told once by whoever catches it.
    logger: silent,
    requestHandler: { connectionTimeout: 20_000, socketTimeout: seconds * 1000, ...agents },
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(isAnonymous ? unsigned : credentials(env)),
  };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

const unsigned: Partial<S3ClientConfig> = {
  credentials: { accessKeyId: "", secretAccessKey: "" },
  signer: { sign: async (request) => request },
};

function credentials(env: Environment): Partial<S3ClientConfig> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env;
  if (!accessKeyId || !secretAccessKey) return {};
  return {
    credentials: { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }) },
  };
}
