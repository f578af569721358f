import { Storage } from "@google-cloud/storage";

/** Somebody at work with Google's own storage library. */
export class CloudUser {
  private readonly storage: Storage;

  /** @param principal e.g. `user:alice@example.org`: in the sandbox a bearer token names who calls. */
  constructor(
    readonly principal: string,
    apiEndpoint: string,
  ) {
    const headers = { Authorization: `Bearer ${principal}` };
    this.storage = new Storage({ apiEndpoint, projectId: "unused", retryOptions: { autoRetry: false } });
    this.storage.interceptors.push({
      request: (options) => {
        options.headers = { ...options.headers, ...headers };
        // The library types what it hands over and what it takes back differently; it is one object.
        return options as never;
      },
    });
  }

  /** The HTTP status that a push ends with. */
  async push(bucket: string, name: string, bytes: Buffer): Promise<number> {
    try {
      await this.storage.bucket(bucket).file(name).save(bytes, { resumable: false });
      return 200;
    } catch (error) {
      if (error instanceof Error && "code" in error && typeof error.code === "number") return error.code;
      throw error;
    }
  }
}
