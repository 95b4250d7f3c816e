/** The HTML of a mail is untrusted: a sandboxed frame and its own policy let it run nothing, and load pictures of this machine alone. */
import { createHash } from 'node:crypto';
import type { Express, Response } from 'express';
import { escapeHtml } from '../paystack-sandbox/src/http/index.ts';
import type { Mail } from './mail.ts';
import type { MailStore } from './store.ts';

const style = `
*{box-sizing:border-box}
body{margin:0;background:#f3f5f7;color:#1d2b36;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:52rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}
h2{margin:1.5rem 0 .5rem;font-size:1rem}
.panel{background:#fff;border:1px solid #d9e1e7;border-radius:.75rem;overflow:hidden}
ul{list-style:none;margin:0;padding:0}
li+li{border-top:1px solid #e5ebf0}
li a{display:grid;grid-template-columns:1fr auto;gap:0 1rem;padding:.75rem 1rem;color:inherit;text-decoration:none}
li a:hover{background:#f6f9fb}
li strong{overflow-wrap:anywhere}
.quiet{color:#51616e;font-size:.875rem;overflow-wrap:anywhere}
.empty{padding:2.5rem 1rem;text-align:center;color:#51616e}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;margin:0;padding:1rem}
dt{color:#51616e}
dd{margin:0;overflow-wrap:anywhere}
iframe{display:block;width:100%;height:36rem;border:0;background:#fff}
pre{margin:0;padding:1rem;white-space:pre-wrap;overflow-wrap:anywhere;font:.875rem/1.5 ui-monospace,monospace}
a{color:#0b5cad}
:focus-visible{outline:3px solid #1a73e8;outline-offset:-3px}
`;

/** Reloads only after the number of mails has changed, so that the scroll position is kept. */
const script = `
const shown = document.body.dataset.count;
setInterval(async () => {
  const reply = await fetch('/__mailbox/count').catch(() => null);
  if (reply?.ok && String((await reply.json()).count) !== shown) location.reload();
}, 2000);
`;

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const pagePolicy = [
  "default-src 'none'",
  `style-src ${hash(style)}`,
  `script-src ${hash(script)}`,
  "connect-src 'self'",
  "frame-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Allows the mail's styles, and images that are embedded or come from this machine; links open in a new window. */
const mailPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: http://localhost:* http://127.0.0.1:*; frame-ancestors 'self'";

function page(title: string, body: string, count: number | null): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body${count === null ? '' : ` data-count="${count}"`}>
<main>
${body}
</main>
${count === null ? '' : `<script>${script}</script>`}
</body>
</html>
`;
}

function timeOf(mail: Mail): string {
  return `<time datetime="${mail.at}">${mail.at.slice(0, 19).replace('T', ' ')}</time>`;
}

function listPage(mails: Mail[]): string {
  const rows = mails.map(
    (mail) => `<li><a href="/mails/${mail.id}"><strong>${escapeHtml(mail.subject)}</strong>
<span class="quiet">${timeOf(mail)}</span><span class="quiet">to ${escapeHtml(mail.to)}</span></a></li>`,
  );
  const list = rows.length > 0 ? `<ul>${rows.reverse().join('\n')}</ul>` : '<p class="empty">No mail yet.</p>';
  return page('Mailbox', `<h1>Mailbox</h1>\n<div class="panel">${list}</div>`, mails.length);
}

function mailPage(mail: Mail): string {
  const html =
    mail.html === ''
      ? '<p class="empty">This mail has no HTML part.</p>'
      : `<iframe src="/mails/${mail.id}/html" title="HTML of the mail" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`;
  return page(
    mail.subject,
    `<p><a href="/">All mails</a></p>
<h1>${escapeHtml(mail.subject)}</h1>
<div class="panel"><dl>
<dt>To</dt><dd>${escapeHtml(mail.to)}</dd>
<dt>From</dt><dd>${escapeHtml(mail.from)}</dd>
<dt>Accepted</dt><dd>${timeOf(mail)}</dd>
<dt>Key</dt><dd>${escapeHtml(mail.key ?? 'none')}</dd>
</dl></div>
<h2>HTML</h2>
<div class="panel">${html}</div>
<h2>Text</h2>
<div class="panel"><pre tabindex="0">${escapeHtml(mail.text)}</pre></div>`,
    null,
  );
}

function send(res: Response, status: number, html: string, policy = pagePolicy): void {
  res.status(status).set({ 'content-security-policy': policy, 'x-content-type-options': 'nosniff' });
  res.set({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).type('html').send(html);
}

export function mountPages(app: Express, store: MailStore): void {
  const find = (id: string): Mail | undefined => store.mails.find((mail) => String(mail.id) === id);
  const missing = page('Not found', '<h1>There is no such mail.</h1><p><a href="/">All mails</a></p>', null);
  app.get('/', (_req, res) => send(res, 200, listPage(store.mails)));
  app.get('/mails/:id', (req, res) => {
    const mail = find(req.params.id);
    send(res, mail === undefined ? 404 : 200, mail === undefined ? missing : mailPage(mail));
  });
  app.get('/mails/:id/html', (req, res) => {
    const mail = find(req.params.id);
    send(res, mail === undefined ? 404 : 200, `<base target="_blank">${mail?.html ?? ''}`, mailPolicy);
  });
}
