import type { StepRecord } from "./story";

export interface Totals {
  readonly projects: number;
  readonly groups: number;
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** The run as one page that needs nothing else: no script, no font, no picture from anywhere. */
export function reportPage(steps: readonly StepRecord[], totals: Totals): string {
  const facts = [
    ["staging projects", String(totals.projects)],
    ["groups", String(totals.groups)],
    ["files published", String(totals.files)],
    ["bytes", totals.bytes.toLocaleString("en")],
    ["seconds", totals.seconds.toFixed(1)],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>From reviewed YAML to published files</title>
<style>
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 65%, transparent); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2.5rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.7rem; margin-bottom: .25rem; }
h2 { font-size: 1.1rem; margin: 0; }
p.lead { margin-top: 0; color: var(--soft); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.5rem 0; }
dl div { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .9rem; }
dt { color: var(--soft); font-size: .85rem; } dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
section { border-top: 1px solid var(--line); padding: 1rem 0; }
section header { display: flex; justify-content: space-between; gap: 1rem; }
section header span { color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
ul { margin: .5rem 0 0; padding-left: 1.2rem; } li::marker { content: "✓ "; color: #1a7f37; } li.command::marker { content: "… "; color: var(--soft); }
pre { margin: .35rem 0 .6rem; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .4rem; font-size: .82rem; line-height: 1.4; white-space: pre-wrap; overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>From reviewed YAML to published files</h1>
<p class="lead">One run of the main job against a local Google Cloud: every line below was checked, not assumed.</p>
<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join("")}</dl>
${steps.map(section).join("\n")}
</body>
</html>
`;
}

function section({ title, seconds, findings }: StepRecord, index: number): string {
  const items = findings.map(({ text, shown = [], isCommand }) => {
    if (isCommand) return `<li class="command"><code>${escapeHtml(text)}</code></li>`;
    const lines = shown.length > 0 ? `<pre>${escapeHtml(shown.join("\n"))}</pre>` : "";
    return `<li>${escapeHtml(text)}${lines}</li>`;
  });
  return `<section><header><h2>${index + 1}. ${escapeHtml(title)}</h2><span>${seconds.toFixed(1)} s</span></header><ul>${items.join("")}</ul></section>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
