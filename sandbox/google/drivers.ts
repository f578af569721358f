import type { Schema } from "../../lib/tfplugin/schema";
import type { Driver } from "./driver";
import { iamDrivers } from "./iam/iam-drivers";
import {
  bucketParent,
  managedFolderParent,
  projectParent,
  repositoryParent,
  serviceAccountParent,
} from "./iam/parents";
import { bucketDriver } from "./types/bucket";
import { bucketObjectDriver } from "./types/bucket-object";
import { customRoleDriver } from "./types/custom-role";
import { defaultServiceAccountsDriver } from "./types/default-service-accounts";
import { lienDriver } from "./types/lien";
import { logBucketDriver } from "./types/log-bucket";
import { plainTypes } from "./types/plain-types";
import { projectDriver } from "./types/project";
import { projectAuditConfigDriver } from "./types/project-audit-config";
import { projectServiceDriver } from "./types/project-service";
import { restDriver } from "./types/rest-driver";
import { serviceAccountDriver } from "./types/service-account";

/** A resource type that the stand-in plays; some drivers read and write by the type's schema. */
export interface DriverEntry {
  readonly type: string;
  readonly traits: Driver["traits"];
  readonly driver: (schema: Schema) => Driver;
}

/** Every resource type that the stand-in plays. */
export const driverEntries: readonly DriverEntry[] = [
  ...[
    projectDriver,
    projectServiceDriver,
    projectAuditConfigDriver,
    defaultServiceAccountsDriver,
    customRoleDriver,
    lienDriver,
    logBucketDriver,
    serviceAccountDriver,
    bucketObjectDriver,
    ...[projectParent, bucketParent, managedFolderParent, serviceAccountParent, repositoryParent].flatMap(iamDrivers),
  ].map((driver): DriverEntry => ({ type: driver.type, traits: driver.traits, driver: () => driver })),
  { ...headOf(bucketDriver), driver: bucketDriver },
  ...plainTypes.map(
    (rest): DriverEntry => ({ type: rest.type, traits: rest.traits, driver: (schema) => restDriver(rest, schema) }),
  ),
];

/** Type and traits don't depend on the schema. */
function headOf(driver: (schema: Schema) => Driver): Pick<DriverEntry, "type" | "traits"> {
  const { type, traits } = driver({ attributes: {} });
  return { type, traits };
}
