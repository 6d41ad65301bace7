/** A fenced code block of a Markdown file. */
export interface CodeBlock {
  /** The file and line of its first line of code, such as `README.md:52`. */
  readonly at: string;
  readonly line: number;
  /** The first word after the fence, such as `ts`. */
  readonly language: string;
  /** The words after that, such as `check`. */
  readonly tags: readonly string[];
  readonly code: string;
  /** What a comment `<!-- context: … -->` on the line before declares for the code, out of sight. */
  readonly context: string;
}

const hidden = /^<!-- context: (.*) -->$/;
const fence = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/;

/** The fenced code blocks of a Markdown text, in order. Throws when one is not closed. */
export function extractCodeBlocks(markdown: string, file: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { marker: string; info: string; start: number } | undefined;
  const lines = markdown.split('\n');
  for (const [index, text] of lines.entries()) {
    const [, marker = '', info = ''] = fence.exec(text) ?? [];
    if (open && marker.startsWith(open.marker) && info.trim() === '') {
      const [language = '', ...tags] = open.info.trim().split(/\s+/);
      const code = `${lines.slice(open.start, index).join('\n')}\n`;
      const line = open.start + 1;
      const [, context = ''] = hidden.exec(lines[open.start - 2] ?? '') ?? [];
      blocks.push({ at: `${file}:${line}`, line, language, tags, code, context });
      open = undefined;
    } else if (!open && marker) {
      open = { marker, info, start: index + 1 };
    }
  }
  if (open) throw new Error(`${file}:${open.start} opens a code block that nothing closes`);
  return blocks;
}
