import type { ServiceFactory } from "./http/service";
import { googleServices } from "./services/google-services";

/** Every Google service that this sandbox plays. */
export const services: readonly ServiceFactory[] = [...googleServices];
