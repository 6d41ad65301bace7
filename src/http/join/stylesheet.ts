/** The join page's look: follows the system's light or dark. */
export const joinStylesheet = `:root {
  color-scheme: light dark;
  --page: light-dark(#f6f7f9, #14161a);
  --surface: light-dark(#ffffff, #1c1f25);
  --line: light-dark(#dfe3e8, #313640);
  --text: light-dark(#16181d, #e8eaee);
  --muted: light-dark(#545b66, #a8b0bd);
  --accent: light-dark(#1d4ed8, #93b4ff);
  --on-accent: light-dark(#ffffff, #14161a);
}
* { box-sizing: border-box; }
body {
  display: grid; place-items: center; min-height: 100vh; margin: 0; padding: 24px;
  background: var(--page); color: var(--text); font: 16px/24px system-ui, sans-serif;
}
main {
  display: grid; gap: 16px; width: 100%; max-width: 440px; padding: 32px;
  background: var(--surface); border: 1px solid var(--line); border-radius: 12px;
}
h1, p { margin: 0; overflow-wrap: anywhere; }
h1 { color: var(--muted); font-size: 14px; line-height: 20px; font-weight: 600; }
#offer { font-size: 20px; line-height: 28px; font-weight: 600; }
#note { color: var(--muted); font-size: 14px; line-height: 20px; }
p:empty:not(#state) { display: none; }
#choice { display: flex; flex-wrap: wrap; gap: 12px; }
#choice[hidden] { display: none; }
button {
  flex: 1 1 120px; min-height: 44px; padding: 8px 16px; border: 1px solid var(--line);
  border-radius: 8px; background: transparent; color: inherit; font: inherit; font-weight: 600;
  cursor: pointer;
}
button.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
button:hover { filter: brightness(0.95); }
button:disabled { opacity: 0.6; cursor: default; }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
