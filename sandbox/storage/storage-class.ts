import { googleError } from "../http/errors";

const WARM = ["STANDARD", "MULTI_REGIONAL", "REGIONAL", "DURABLE_REDUCED_AVAILABILITY"];

/** From the warmest to the coldest. */
const COLD = ["NEARLINE", "COLDLINE", "ARCHIVE"];

export function checkStorageClass(storageClass: unknown): void {
  if (storageClass === undefined || [...WARM, ...COLD].includes(String(storageClass))) return;
  throw googleError(400, "invalid", `Invalid argument: storage class "${String(storageClass)}".`);
}

/** Higher for colder classes. */
export function coldness(storageClass: string): number {
  return COLD.indexOf(storageClass);
}
