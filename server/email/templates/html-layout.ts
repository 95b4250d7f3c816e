/**
 * Tables and inline styles only, because mail readers drop the rest; one column of at most 600 pixels for phones. Every
 * value passes escapeHtml in this file, once.
 */
import { MAIL_PICTURE_SIDE } from '../../../models/contract/limits.ts';
import { brandHtml, policiesHtml } from '../looks.ts';
import type { EmailOrderView } from './email-content.ts';
import type { Action, Message, Signature } from './message.ts';
import { type OrderSummary, summarize } from './order-summary.ts';
import { endSentence, escapeHtml } from './plain-text.ts';

const INK = '#1c2430';
const FAINT = '#5c6675';
const RULE = '#e3e7ed';
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const TABLE = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"';

export function layOutHtml(message: Message, order: EmailOrderView, { shopName, contact, looks }: Signature): string {
  const summary = summarize(order);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(message.subject)}</title>
</head>
<body style="margin:0;padding:0;background:#f3f5f8;color:${INK};${FONT};font-size:16px;line-height:1.5;word-break:break-word">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(message.preview)}</div>
<table ${TABLE} style="background:#f3f5f8">
<tr><td align="center" style="padding:24px 12px">
<table ${TABLE} style="max-width:600px;background:#ffffff;border-radius:8px;border:1px solid ${RULE}">
<tr><td style="padding:24px 24px 0;font-size:14px;font-weight:600;color:${looks.accent}">${brandHtml(shopName, looks)}</td></tr>
<tr><td style="padding:8px 24px 0">
<h1 style="margin:0 0 16px;font-size:24px;line-height:1.25">${escapeHtml(message.heading)}</h1>
<p style="margin:0 0 16px">Hello ${isolated(summary.customer || 'there')},</p>
${message.paragraphs.map(paragraph).join('\n')}
${facts(message.facts)}
${(message.lists ?? []).map(list).join('\n')}
${paragraph(message.next)}
${message.actions.map((action, index) => button(action, index, looks.accent)).join('\n')}
</td></tr>
<tr><td style="padding:16px 24px 0">
<h2 style="margin:0 0 8px;font-size:16px">Order ${escapeHtml(summary.code)}</h2>
${orderTable(summary)}
</td></tr>
<tr><td style="padding:16px 24px 24px;font-size:14px;color:${FAINT}">
<strong style="color:${INK}">Delivery address</strong><br>
${summary.address.map(isolated).join('<br>\n')}
</td></tr>
</table>
<p style="margin:16px 0 0;font-size:12px;color:${FAINT}">${contact === '' ? '' : `${escapeHtml(contact)}<br>`}${policiesHtml(looks, FAINT)}You receive this because you ordered at ${escapeHtml(endSentence(shopName))}</p>
</td></tr>
</table>
</body>
</html>
`;
}

/** Keeps the writing direction of a name or a line from that of the text around it. */
function isolated(text: string): string {
  return `<bdi>${escapeHtml(text)}</bdi>`;
}

function paragraph(text: string): string {
  return `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;
}

function facts(pairs: Message['facts']): string {
  if (pairs.length === 0) return '';
  const rows = pairs.map(
    ([label, value]) =>
      `<tr><td style="padding:4px 16px 4px 0;color:${FAINT}">${escapeHtml(label)}</td>` +
      `<td style="padding:4px 0;font-weight:600;word-break:break-word">${escapeHtml(value)}</td></tr>`,
  );
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px">${rows.join('')}</table>`;
}

function list([title, items]: NonNullable<Message['lists']>[number]): string {
  const entries = items.map((item) => `<li style="word-break:break-word">${escapeHtml(item)}</li>`);
  return `<p style="margin:0 0 4px;font-weight:600">${escapeHtml(title)}</p>
<ul style="margin:0 0 16px;padding-left:20px">${entries.join('')}</ul>`;
}

/** The first action is a filled button, the others are links below it. */
function button(action: Action, index: number, accent: string): string {
  const style =
    index === 0
      ? `display:inline-block;padding:12px 20px;border-radius:6px;background:${accent};color:#ffffff;font-weight:600;text-decoration:none`
      : `color:${accent}`;
  return `<p style="margin:0 0 16px"><a href="${escapeHtml(action.url)}" style="${style}">${escapeHtml(action.label)}</a></p>`;
}

function orderTable({ lines, sums }: OrderSummary): string {
  const cell = `padding:10px 0;border-top:1px solid ${RULE};vertical-align:top`;
  const hasPictures = lines.some(({ picture }) => picture !== null);
  const lineRows = lines.map(
    (line) =>
      `<tr>${hasPictures ? `<td width="${PICTURE + 12}" style="${cell}">${pictureOf(line)}</td>` : ''}` +
      `<td style="${cell};word-break:break-word">${escapeHtml(line.name)}<br>` +
      `<span style="font-size:14px;color:${FAINT}">${line.quantity} × ${escapeHtml(line.unitPrice)}</span></td>` +
      `<td align="right" style="${cell};padding-left:12px;white-space:nowrap">${escapeHtml(line.lineTotal)}</td></tr>`,
  );
  const sumRows = sums.map(({ label, amount, isTotal }) => {
    const style = isTotal ? `${cell};font-weight:700` : `${cell};color:${FAINT}`;
    return (
      `<tr><td${hasPictures ? ' colspan="2"' : ''} style="${style}">${escapeHtml(label)}</td>` +
      `<td align="right" style="${style};padding-left:12px;white-space:nowrap">${escapeHtml(amount)}</td></tr>`
    );
  });
  return `<table ${TABLE}>\n${[...lineRows, ...sumRows].join('\n')}\n</table>`;
}

/** In pixels; half of what is stored, for sharp screens. */
const PICTURE = MAIL_PICTURE_SIDE / 2;

/** Without a text of its own: the name stands beside it. */
function pictureOf({ picture }: OrderSummary['lines'][number]): string {
  if (picture === null) return '';
  return `<img src="${escapeHtml(picture)}" width="${PICTURE}" height="${PICTURE}" alt="" style="display:block;border-radius:6px">`;
}
