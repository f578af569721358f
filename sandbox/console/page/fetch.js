/** Data of the sandbox's own interface; fails with the sandbox's words. */
export async function ask(path, parameters = {}) {
  const stated = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  const response = await fetch(`/sandbox/v1/${path}?${new URLSearchParams(stated)}`);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error?.message ?? `${path}: status ${response.status}`);
  return body;
}
