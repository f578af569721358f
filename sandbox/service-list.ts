import { consoleData, consolePage } from "./console/console";
import type { ServiceFactory } from "./http/service";
import { googleServices } from "./services/google-services";

/** Every Google service that this sandbox plays. */
export const services: readonly ServiceFactory[] = [consolePage, consoleData, ...googleServices];
