import { type Command, Option } from "commander";
import { addLayoutOptions } from "../layout-options";
import { type ManifestOptions, runManifest } from "../manifest/manifest-run";
import { pathOption } from "../path-option";

export function define(command: Command): void {
  addLayoutOptions(command);
  command
    .argument("[place]", "a local folder, or gs://BUCKET/PREFIX/ (s3:// likewise)")
    .option("--src <folder>", "the local folder; names are relative to it")
    .option("--prefix <text>", "only files whose path below the place begins with this text")
    .option("--filestore <directory>", "the filestore whose manifest it is to be, e.g. k8s-staging-kops")
    .option("--under <path>", "where the local folder stands below the filestore's source base, e.g. v1.36.1")
    .option("--append <file>", "add what is missing to this manifest instead of printing one")
    .addOption(pathOption("--check <file>", "compare this manifest with the place, both ways"))
    .addOption(
      pathOption(
        "--verify <file>",
        "hash again what this manifest lists: in the place, else in its filestore's source",
      ),
    )
    .option("--authenticate", "read buckets with your own credentials (default: none, as staging buckets are public)")
    .option("--max-requests <number>", "requests under way at once (default: 32)")
    .option("--json", "print one JSON document instead of YAML or text")
    .addOption(new Option("--log-level <level>", "of kpromo; has no effect").hideHelp())
    .addHelpText("after", EXAMPLES)
    .action(async (place: string | undefined, options: ManifestOptions) => {
      process.exitCode = await runManifest(place, options);
    });
}

const EXAMPLES = `
Names in a manifest are relative to the source base of its filestore. Straight from the bucket they come out right by
themselves, where the filestores can be read (--root); of a local folder they are compared with what the source holds as
soon as the filestore is known (by --filestore, or by where FILE stands), and names that it does not hold are refused.
Without a filestore, --src and --prefix print what "kpromo manifest files" prints, byte for byte.

Examples:
  artifacts manifest gs://k8s-staging-kops/kops/releases/1.37.0/ > manifests/k8s-staging-kops/1.37.0.yaml
  artifacts manifest --src ./out --prefix v1.36.1 --filestore k8s-staging-provider-aws
  artifacts manifest --src ./out/v1.36.1 --under v1.36.1 --append manifests/k8s-staging-provider-aws/v1.36.1.yaml
  artifacts manifest --check manifests/k8s-staging-kops/1.37.0.yaml gs://k8s-staging-kops/kops/releases/1.37.0/
  artifacts manifest --verify manifests/k8s-staging-kops/1.37.0.yaml
  artifacts manifest --verify manifests/k8s-staging-kops/1.37.0.yaml gs://k8s-artifacts-prod/binaries/kops/

Exit codes: 0 done, 1 refused or different, 2 bad usage or inputs with mistakes, 3 could not read.
`;
