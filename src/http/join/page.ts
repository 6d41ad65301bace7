/** The join page. Its addresses are relative, so that it works under every mount path. */
export const joinPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Invitation</title>
<link rel="stylesheet" href="join.css">
<script src="join.js" defer></script>
</head>
<body>
<main>
<h1>Invitation</h1>
<p id="offer" dir="auto"></p>
<p id="note"></p>
<div id="choice" hidden>
<button id="accept" class="primary">Accept</button>
<button id="decline">Decline</button>
</div>
<p id="state" role="status" dir="auto">Looking at your invitation…</p>
<noscript><p>Please allow JavaScript to use this invitation.</p></noscript>
</main>
</body>
</html>
`;
