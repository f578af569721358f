import { Session } from "../../sandbox/google/api/session";

describe("the stand-in's provider block", () => {
  test("says where each service is, before the environment does", () => {
    const config = { storage_custom_endpoint: "http://127.0.0.1:4443/storage/v1/" };
    const env = {
      GOOGLE_STORAGE_CUSTOM_ENDPOINT: "http://127.0.0.1:1/",
      GOOGLE_IAM_CUSTOM_ENDPOINT: "http://localhost:4443/iam/v1/",
    };
    const session = new Session(config, env);
    expect(session.base("STORAGE")).toBe("http://127.0.0.1:4443/storage/v1/");
    expect(session.base("IAM")).toBe("http://localhost:4443/iam/v1/");
  });

  test.each([
    "https://storage.googleapis.com/storage/v1/",
    "http://storage.example.org/v1/",
    "http://127.0.0.1.example.org/",
  ])("can't lead the stand-in to %s, which is no sandbox on this machine", (storage_custom_endpoint) => {
    expect(() => new Session({ storage_custom_endpoint }, {}).base("STORAGE")).toThrow(
      `storage_custom_endpoint: is ${storage_custom_endpoint}. This stand-in for hashicorp/google only talks to a sandbox`,
    );
  });

  test("must name an endpoint: there is no default", () => {
    expect(() => new Session({}, {}).base("STORAGE")).toThrow("storage_custom_endpoint: is not set");
  });

  test("carries the token, the project and the labels for everything", () => {
    const session = new Session(
      { access_token: "user:owner@example.org", project: "p", default_labels: { env: "test" } },
      {},
    );
    expect(session.headers()).toEqual({ authorization: "Bearer user:owner@example.org" });
    expect(session.project).toBe("p");
    expect(session.defaultLabels).toEqual({ env: "test", "goog-terraform-provisioned": "true" });
    expect(new Session({ add_terraform_attribution_label: false }, {}).defaultLabels).toEqual({});
  });
});
