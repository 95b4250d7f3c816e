/** The two sides of an email about an account. Every value passes escapeHtml here, once. */
import { brandHtml, policiesHtml, policiesText } from '../looks.ts';
import type { Action, Signature } from '../templates/message.ts';
import { escapeHtml, oneLine } from '../templates/plain-text.ts';

export interface AccountMessage {
  subject: string;
  heading: string;
  paragraphs: string[];
  action: Action;
  /** After the button. */
  closing: string[];
}

const INK = '#1c2430';
const FAINT = '#5c6675';
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const TABLE = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"';

/** Lines end in LF. */
export function layOutAccountText(
  message: AccountMessage,
  name: string,
  { shopName, contact, looks }: Signature,
): string {
  const { paragraphs, action, closing } = message;
  const blocks = [`Hello ${oneLine(name) || 'there'},`, ...paragraphs, `${action.label}: ${action.url}`, ...closing];
  const signature = [shopName, contact, ...policiesText(looks)].filter((line) => line !== '').join('\n');
  return `${[...blocks.map((block) => oneLine(block, 2_000)), signature].join('\n\n')}\n`;
}

export function layOutAccountHtml(
  message: AccountMessage,
  name: string,
  { shopName, contact, looks }: Signature,
): string {
  const { subject, heading, paragraphs, action, closing } = message;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:0;background:#f3f5f8;color:${INK};${FONT};font-size:16px;line-height:1.5;word-break:break-word">
<table ${TABLE} style="background:#f3f5f8">
<tr><td align="center" style="padding:24px 12px">
<table ${TABLE} style="max-width:600px;background:#ffffff;border-radius:8px;border:1px solid #e3e7ed">
<tr><td style="padding:24px 24px 0;font-size:14px;font-weight:600;color:${looks.accent}">${brandHtml(shopName, looks)}</td></tr>
<tr><td style="padding:8px 24px 24px">
<h1 style="margin:0 0 16px;font-size:24px;line-height:1.25">${escapeHtml(heading)}</h1>
<p style="margin:0 0 16px">Hello <bdi>${escapeHtml(name || 'there')}</bdi>,</p>
${paragraphs.map(paragraph).join('\n')}
<p style="margin:0 0 16px"><a href="${escapeHtml(action.url)}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:${looks.accent};color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(action.label)}</a></p>
${closing.map(paragraph).join('\n')}
</td></tr>
</table>
<p style="margin:16px 0 0;font-size:12px;color:${FAINT}">${contact === '' ? '' : `${escapeHtml(contact)}<br>`}${policiesHtml(looks, FAINT)}You receive this because an account at ${escapeHtml(shopName)} has this address.</p>
</td></tr>
</table>
</body>
</html>
`;
}

function paragraph(text: string): string {
  return `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;
}
