/** The few marks that texts of staff may have: headings, lists, strong words and links. All else stays as it was typed. */

export type Span = { text: string; strong?: true; href?: string };

export type Block = { kind: 'heading' | 'paragraph'; lines: Span[][] } | { kind: 'list'; items: Span[][] };

/** Blocks end at an empty line; a heading is one line after `#`, an item of a list one after `- `. Pure. */
export function parseMarked(text: string): Block[] {
  const blocks: Block[] = [];
  let isOpen = false;
  for (const line of text.split(/\r?\n/)) {
    const last = blocks.at(-1);
    const heading = /^#{1,3}\s+(.+)$/.exec(line)?.[1];
    const item = /^[-*•]\s+(.+)$/.exec(line)?.[1];
    if (line.trim() === '') isOpen = false;
    else if (heading !== undefined) {
      blocks.push({ kind: 'heading', lines: [parseSpans(heading)] });
      isOpen = false;
    } else if (item !== undefined) {
      if (isOpen && last?.kind === 'list') last.items.push(parseSpans(item));
      else blocks.push({ kind: 'list', items: [parseSpans(item)] });
      isOpen = true;
    } else {
      if (isOpen && last?.kind === 'paragraph') last.lines.push(parseSpans(line));
      else blocks.push({ kind: 'paragraph', lines: [parseSpans(line)] });
      isOpen = true;
    }
  }
  return blocks;
}

/** `**strong**`, or `[words](address)` with an address that is safe to follow. */
const MARKED = /\*\*([^*]+)\*\*|\[([^[\]]+)\]\(((?:https?:\/\/|mailto:|tel:|\/(?!\/))[^\s()]*)\)/g;

function parseSpans(line: string): Span[] {
  const spans: Span[] = [];
  let read = 0;
  for (const match of line.matchAll(MARKED)) {
    if (match.index > read) spans.push({ text: line.slice(read, match.index) });
    const [whole, strong, words = '', href = ''] = match;
    spans.push(strong === undefined ? { text: words, href } : { text: strong, strong: true });
    read = match.index + whole.length;
  }
  if (read < line.length) spans.push({ text: line.slice(read) });
  return spans;
}
