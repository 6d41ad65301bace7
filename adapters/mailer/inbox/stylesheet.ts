/** The page's look: follows the system's light or dark, one column below 720 px. */
export const stylesheet = `:root {
  color-scheme: light dark;
  --bg: light-dark(#f6f7f9, #14161a);
  --surface: light-dark(#ffffff, #1c1f25);
  --subtle: light-dark(#eef2ff, #232a3d);
  --line: light-dark(#dfe3e8, #313640);
  --text: light-dark(#16181d, #e8eaee);
  --muted: light-dark(#545b66, #a8b0bd);
  --accent: light-dark(#1d4ed8, #93b4ff);
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; background: var(--bg); color: var(--text);
  font: 14px/20px system-ui, sans-serif;
}
a { color: var(--accent); }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
h1, h2, h3, p, dl, dd, ul, pre { margin: 0; padding: 0; }
h1 { font-size: 20px; line-height: 28px; font-weight: 600; }
h2 { font-size: 20px; line-height: 28px; font-weight: 600; overflow-wrap: anywhere; }
h3 { font-size: 14px; line-height: 20px; font-weight: 600; margin-bottom: 8px; }
small, time, header p { color: var(--muted); font-size: 13px; font-weight: 400; }
ul { list-style: none; }

header {
  display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px;
  padding: 16px max(24px, (100% - 1072px) / 2); background: var(--surface); border-bottom: 1px solid var(--line);
}
header a { margin-inline-start: auto; padding: 4px 0; }

.panes {
  display: grid; grid-template-columns: 320px minmax(0, 1fr); gap: 24px;
  max-width: 1120px; margin: 0 auto; padding: 24px;
}
nav, article {
  background: var(--surface); border: 1px solid var(--line); border-radius: 12px;
}
nav { overflow: hidden; align-self: start; }
nav li + li { border-top: 1px solid var(--line); }
nav li a {
  display: block; padding: 12px 16px; color: inherit; text-decoration: none;
}
nav li a:hover, nav li a[aria-current] { background: var(--subtle); }
nav li a[aria-current] { box-shadow: inset 3px 0 var(--accent); }
nav li a:focus-visible { outline-offset: -2px; border-radius: 12px; }
nav span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.to { font-weight: 600; }
.empty { padding: 24px; color: var(--muted); text-align: center; }

article { padding: 24px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; }
.back { display: none; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; }
dt { color: var(--muted); }
dd { overflow-wrap: anywhere; }
section li + li { margin-top: 8px; }
section li { overflow-wrap: anywhere; }
iframe {
  display: block; width: 100%; height: 520px; resize: vertical; border: 1px solid var(--line);
  border-radius: 8px;
}
pre {
  padding: 16px; border: 1px solid var(--line); border-radius: 8px;
  font: 13px/20px ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
}

@media (max-width: 719px) {
  header { padding: 16px; }
  .panes { grid-template-columns: minmax(0, 1fr); padding: 16px; gap: 16px; }
  article { padding: 16px; gap: 16px; }
  .reading nav, .listing main { display: none; }
  .back { display: inline-block; padding: 4px 0; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd + dt { margin-top: 8px; }
}
`;
