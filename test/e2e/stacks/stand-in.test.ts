import { lifeCycle } from "./life-cycle";

describe("under the stand-in for Google's provider", () => {
  lifeCycle({});
});
