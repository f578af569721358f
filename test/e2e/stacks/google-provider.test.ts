import { lifeCycle } from "./life-cycle";

/** Path of a hashicorp/google 6.50.0 program; the registry is not asked. */
const googleProvider = process.env.GOOGLE_PROVIDER_BINARY ?? "";

(googleProvider === "" ? describe.skip : describe)("under Google's own provider", () => {
  // It sleeps: 15 seconds for a project, 11 for a service account, 3 for each member of a policy.
  jest.setTimeout(300_000);
  lifeCycle({ googleProvider });
});
