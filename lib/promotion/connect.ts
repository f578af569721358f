import type { Connect } from "./types";

/** The real services, or those that the environment points to. A client is loaded when the first filestore needs it. */
export const connectFilestore: Connect = async (scheme, identity, context) => {
  switch (scheme) {
    case "gs":
      return (await import("../cloud/gcs-store")).gcsStore(identity, context);
    case "s3":
      return (await import("../cloud/s3-store")).s3Store(identity, context);
  }
};
