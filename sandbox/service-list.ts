import type { ServiceFactory } from "./http/service";

/** Every Google service that this sandbox plays. */
export const services: readonly ServiceFactory[] = [];
