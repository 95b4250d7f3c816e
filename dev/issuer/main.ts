/** `npm run issuer`: a fake issuer, and the variables with which `npm start` signs in there. */
import { startFakeIssuer } from './issuer.ts';

const PORT = 3_004;

const issuer = await startFakeIssuer({ port: PORT });
console.log(`A fake issuer listens on ${issuer.url}. Start the shop with it by:\n`);
console.log(
  `  JWKS_URL=${issuer.keysUrl} JWT_ISSUER=${issuer.url} JWT_AUDIENCE=orders-api OIDC_CLIENT_ID=${issuer.clientId} npm start\n`,
);
console.log('An account gets a role of staff by `npm run staff`. Ctrl-C stops the issuer.');
