import { googleError } from "../http/errors";
import type { Route, Service } from "../http/service";
import { absentRoutes } from "./absent-routes";
import { bucketRoutes } from "./bucket-routes";
import { copyRoutes } from "./copy-routes";
import { Guard } from "./guard";
import { iamRoutes } from "./iam-routes";
import { applyTime } from "./lifecycle";
import { managedFolderRoutes } from "./managed-folders";
import { downloadRoutes, objectRoutes } from "./object-routes";
import { ResumableUploads } from "./resumable";
import type { StorageState } from "./storage-state";
import { uploadRoutes } from "./upload-routes";
import { xmlRoutes } from "./xml-routes";

/** Cloud Storage, on one state: the JSON interface, its uploads and downloads, and the public part of the XML interface. */
export function storageServices(state: StorageState): readonly Service[] {
  const guard = new Guard(state.world.access);
  const sessions = new ResumableUploads(state);
  const routes = withoutOwnKeys([
    ...bucketRoutes(state, guard),
    ...iamRoutes(state, guard),
    ...managedFolderRoutes(state, guard),
    ...copyRoutes(state, guard),
    ...objectRoutes(state, guard),
    ...absentRoutes(state, guard),
  ]);
  const uploads = withoutOwnKeys(uploadRoutes({ state, guard, sessions }));
  const timePassed = () => {
    applyTime(state);
    sessions.expire();
  };
  return [
    { name: "storage", prefix: "/storage", routes, errors: "storage", timePassed },
    { name: "storage-upload", prefix: "/upload/storage", routes: uploads, errors: "storage" },
    // gsutil asks here for resumable uploads.
    { name: "storage-upload", prefix: "/resumable/upload/storage", routes: uploads, errors: "storage" },
    {
      name: "storage-download",
      prefix: "/download/storage",
      routes: withoutOwnKeys(downloadRoutes(state, guard)),
      errors: "storage",
    },
    { name: "storage-xml", prefix: "", routes: withoutOwnKeys(xmlRoutes(state, guard)), errors: "xml" },
  ];
}

const OWN_KEYS = {
  headers: ["x-goog-encryption-key", "x-goog-copy-source-encryption-key"],
  query: ["kmsKeyName", "destinationKmsKeyName"],
};

/** Who encrypts with keys of their own must not believe that they did. */
function withoutOwnKeys(routes: readonly Route[]): readonly Route[] {
  return routes.map((route) => ({
    ...route,
    handler: async (call) => {
      const given =
        OWN_KEYS.headers.find((name) => name in call.headers) ?? OWN_KEYS.query.find((name) => call.query.has(name));
      if (given === undefined) return route.handler(call);
      throw googleError(501, "notImplemented", `The sandbox encrypts nothing with keys of its clients (${given}).`);
    },
  }));
}
