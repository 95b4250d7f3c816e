/** Text has a contrast of at least 4.5 to 1. */
import { createHash } from 'node:crypto';

export const style = `
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:#eef2f5;color:#1d2b36;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:27rem;margin:0 auto;padding:2rem 1rem 3rem}
.note{margin:0 0 1rem;padding:.5rem .75rem;border-radius:.5rem;background:#fff4d6;color:#5c4300;font-size:.875rem;text-align:center}
.card{background:#fff;border:1px solid #d9e1e7;border-radius:.875rem;box-shadow:0 1px 2px rgba(16,32,48,.06),0 12px 32px rgba(16,32,48,.08);overflow:hidden}
.head{padding:1.25rem 1.5rem;border-bottom:1px solid #e5ebf0;display:flex;flex-wrap:wrap;gap:.25rem 1rem;justify-content:space-between;align-items:baseline}
.head h1{margin:0;font-size:1rem;font-weight:600}
.head p{margin:0;color:#51616e;font-size:.875rem;overflow-wrap:anywhere}
.amount{width:100%;font-size:1.875rem!important;font-weight:700;color:#0b3d2e!important;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
form{padding:1.25rem 1.5rem}
form+form{padding-top:0}
.row{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
.field{display:block;margin-bottom:1rem}
.field span{display:block;margin-bottom:.25rem;font-size:.875rem;font-weight:600}
input{width:100%;min-height:2.875rem;padding:.5rem .75rem;border:1px solid #8696a3;border-radius:.5rem;font:inherit;font-variant-numeric:tabular-nums;background:#fff;color:inherit}
input[aria-invalid=true]{border-color:#b3261e;border-width:2px}
.error{margin:0 0 1rem;padding:.625rem .75rem;border-radius:.5rem;background:#fdeceb;color:#8c1d18;font-size:.9375rem}
button,.button{display:block;width:100%;min-height:2.875rem;padding:.5rem 1rem;border-radius:.5rem;border:1px solid #8696a3;background:#fff;color:#1d2b36;font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
button:hover,.button:hover{background:#f2f6f8}
button.primary,.button.primary{background:#0b6e4f;border-color:#0b6e4f;color:#fff}
button.primary:hover,.button.primary:hover{background:#095c42}
:focus-visible{outline:3px solid #1a73e8;outline-offset:2px}
.quiet{margin-top:.75rem;border-color:transparent;color:#51616e;font-weight:500}
.ways{display:flex;list-style:none;margin:0;padding:0;border-bottom:1px solid #e5ebf0}
.ways li{flex:1}
.ways a{display:block;padding:.75rem .25rem;color:#51616e;font-size:.875rem;font-weight:600;text-align:center;text-decoration:none;border-bottom:3px solid transparent}
.ways a[aria-current]{color:#0b6e4f;border-color:#0b6e4f}
.steps{padding:1.25rem 0 0}
.steps>p,.steps>dl{margin:0 1.5rem 1rem}
.steps form{padding:0 1.5rem 1rem}
.steps .quiet{margin-top:0}
dl{display:grid;grid-template-columns:auto 1fr;gap:.5rem 1rem;padding:1rem;border-radius:.5rem;background:#f2f6f8}
dt{color:#51616e;font-size:.875rem}
dd{margin:0;font-weight:600;text-align:right;overflow-wrap:anywhere}
.number{font-size:1.125rem;font-variant-numeric:tabular-nums;letter-spacing:.02em}
details{border-top:1px solid #e5ebf0}
summary{padding:1rem 1.5rem;font-weight:600;cursor:pointer}
details p{margin:0 1.5rem 1rem;color:#51616e;font-size:.875rem}
.outcomes{display:grid;gap:.5rem}
.outcomes button{text-align:left;font-weight:500}
.scroll{overflow-x:auto;padding:0 1.5rem 1.25rem}
table{width:100%;border-collapse:collapse;font-size:.8125rem}
th,td{padding:.375rem .5rem .375rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #e5ebf0}
td:nth-child(2),td:nth-child(3){font-variant-numeric:tabular-nums;white-space:nowrap}
.done{padding:1.5rem}
.done p{margin:0 0 1rem}
@media (max-width:24rem){.row{grid-template-columns:1fr;gap:0}}
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Without form-action, because browsers also apply it to the redirect after a post, which leads to the shop. */
export const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; frame-ancestors 'none'`;
