/** An XML document with one root element around parts that are XML already. */
export function xmlDocument(root: string, parts: readonly string[]): string {
  const namespace = root === "Error" ? "" : " xmlns='http://doc.s3.amazonaws.com/2006-03-01'";
  return `<?xml version='1.0' encoding='UTF-8'?><${root}${namespace}>${parts.join("")}</${root}>`;
}

export function element(name: string, text: string): string {
  return `<${name}>${escaped(text)}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
