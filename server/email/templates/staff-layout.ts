/** The two sides of an email to staff: short, with one link. */
import type { Action } from './message.ts';
import { escapeHtml, oneLine } from './plain-text.ts';

export interface StaffMessage {
  subject: string;
  heading: string;
  paragraphs: string[];
  action: Action;
}

/** Lines end in LF. */
export function layOutStaffText({ heading, paragraphs, action }: StaffMessage, shopName: string): string {
  const blocks = [heading, ...paragraphs, `${action.label}: ${action.url}`, shopName];
  return `${blocks.map((block) => oneLine(block, 2_000)).join('\n\n')}\n`;
}

export function layOutStaffHtml({ subject, heading, paragraphs, action }: StaffMessage, shopName: string): string {
  const margin = 'style="margin:0 0 16px"';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:24px;max-width:600px;color:#1c2430;font-family:sans-serif;font-size:16px;line-height:1.5;word-break:break-word">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.25">${escapeHtml(heading)}</h1>
${paragraphs.map((text) => `<p ${margin}>${escapeHtml(text)}</p>`).join('\n')}
<p ${margin}><a href="${escapeHtml(action.url)}" style="color:#0b6e4f;font-weight:600">${escapeHtml(action.label)}</a></p>
<p style="margin:0;font-size:12px;color:#5c6675">${escapeHtml(shopName)}</p>
</body>
</html>
`;
}
