/** The production bucket's `index.html`. Never changes: the bucket's retention forbids replacing what is in it, this page included. */
export const INDEX_PAGE_TEXT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Published artifacts</title>
<p>Files are published here for good. Each release's manifest lists its files with their SHA-256.</p>
</html>
`;
