import { Token } from "cdktf";

/** Text from the inputs is text: Terraform would evaluate a `${` in it. References made by CDKTF stay references. */
export function literal(text: string): string {
  return Token.isUnresolved(text) ? text : text.replace(/[$%](?=\{)/g, "$&$&");
}
