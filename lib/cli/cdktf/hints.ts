import { stripVTControlCharacters } from "node:util";
import { noStackNamed } from "./app";
import { RECOVER_FLAG } from "./deploy";

interface Hint {
  /** What an error says where the hint applies, and no plan: addresses, attributes and file names pass here as well. */
  readonly about: RegExp;
  readonly text: string;
}

const RECOVER: Hint = {
  about: /\bError 409\b|\bError: .*\balready exists\b/,
  text: "if an earlier deploy made what exists already (409): npx cdktf deploy STACK --recover",
};

/** After a deploy that has looked for what an earlier one made. */
const TAKEN: Hint = {
  about: RECOVER.about,
  text: "what exists already is none that an earlier deploy made. A project that was shut down keeps its id: gcloud projects undelete PROJECT within 30 days, or take another id. What something else made is taken over by artifacts adopt, or gets another name",
};

const LIEN: Hint = {
  about: /\blien to prevent deletion\b/i,
  text: "whoever placed the lien has to take it away (gcloud alpha resource-manager liens list --project PROJECT, then liens delete NAME); then deploy again",
};

const PROTECTED: Hint = {
  about: /\blifecycle\.prevent_destroy\b/,
  text: 'what is in use is protected, and nothing was changed: a staging project is retired, and the production side lets go by "existing" in defaults.yaml, before either vanishes or gets another name (docs/staging.md)',
};

const TOO_OLD: Hint = {
  about: /named "removed"/,
  text: "leaving something as it is while it is taken out of the state needs Terraform 1.7 or OpenTofu 1.10",
};

const ALWAYS = [LIEN, PROTECTED, TOO_OLD];
const CHANGING = [RECOVER, ...ALWAYS];
const AFTER_RECOVERY = [TAKEN, ...ALWAYS];

/** By verb, with the flag that changes what may help. */
const HINTS: Readonly<Record<string, readonly Hint[]>> = {
  plan: [PROTECTED, TOO_OLD],
  deploy: CHANGING,
  apply: CHANGING,
  [`deploy ${RECOVER_FLAG}`]: AFTER_RECOVERY,
  [`apply ${RECOVER_FLAG}`]: AFTER_RECOVERY,
  destroy: [
    LIEN,
    {
      about:
        /\bcannot (be )?destroy|\blifecycle\.prevent_destroy\b|\bwithout `force_destroy`|\bdeletion_policy is set\b/i,
      text: "what is in use is protected: retire it in infra.yaml (docs/staging.md). In a sandbox, deploy and destroy with ARTIFACTS_DISPOSABLE=1",
    },
  ],
};

const UNKNOWN_STACK = /Could not find stack(?: for pattern)?:? '?([^'\s]+)/;

/** What may help after a verb that failed and printed this; `stacks` are the names that there are. */
export function hintFor(verb: string, output: string, stacks: () => readonly string[]): string | undefined {
  const said = stripVTControlCharacters(output);
  const [, name] = UNKNOWN_STACK.exec(said) ?? [];
  if (name !== undefined) return noStackNamed(name, stacks());
  return HINTS[verb]?.find(({ about }) => about.test(said))?.text;
}

/** Listens to what the command of these words prints from now on. Where it ends in a failure that has a hint, the hint is its last line. */
export function hintAtTheEnd([verb = "", ...words]: readonly string[], stacks: () => readonly string[]): void {
  const asked = words.includes(RECOVER_FLAG) ? `${verb} ${RECOVER_FLAG}` : verb;
  let hint: string | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...words: unknown[]) => boolean;
    stream.write = (...words: unknown[]) => {
      hint ??= hintFor(asked, String(words[0]), stacks);
      return write(...words);
    };
  }
  process.once("exit", (code) => void (code !== 0 && hint && process.stderr.write(`cdktf: ${hint}\n`)));
}
