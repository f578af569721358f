import type { Provider } from "../tfplugin/provider";

/** The `artifacts` provider. */
export const artifactsProvider: Provider = { resources: [] };
