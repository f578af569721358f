/** Evaluates to nothing, and needs no quotes, which HCL and JSON would escape differently. */
const NOTHING = "%{if true}%{endif}";

/**
 * Text from the inputs is text. Terraform would evaluate a `${` in it, and CDKTF puts a reference where a text holds what
 * it writes for one: `TfToken[…]`, or a number below -1e288. Those of CDKTF's own that stay references are named.
 */
export function literal(text: string, references: readonly string[] = []): string {
  const [reference, ...others] = references;
  if (reference === undefined) return inert(text);
  return text
    .split(reference)
    .map((part) => literal(part, others))
    .join(reference);
}

function inert(text: string): string {
  return text
    .replace(/[$%](?=\{)/g, "$&$&")
    .replace(/TfToken(?=\[)/g, `$&${NOTHING}`)
    .replace(/(-[\d.]+)(e\+?\d+)/g, (number: string, mantissa: string, exponent: string) =>
      Number.parseFloat(number) < -1e288 ? mantissa + NOTHING + exponent : number,
    );
}
