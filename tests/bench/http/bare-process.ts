/**
 * The baseline: bare Express routes that send the same MongoDB commands as our procedures. They have no tokens, validation,
 * limits, logs or metrics, so their latency is the cost of Express and of the commands alone.
 */
import { createHmac, randomBytes } from 'node:crypto';
import express from 'express';
import { MongoClient, ObjectId } from 'mongodb';
import { bareAddItem } from './bare-cart.ts';
import { bareCatalogue, bareInitialize, bareOrder, bareWebhook } from './bare-commands.ts';

const {
  BENCH_DB_NAME: dbName,
  BENCH_PAYSTACK_URL: paystackUrl,
  MONGODB_URI: uri,
  PAYSTACK_SECRET_KEY: key,
} = process.env;
if (!dbName || !paystackUrl || !uri || !key) throw new Error('This process is started by the benchmark only.');

const client = await MongoClient.connect(uri, { writeConcern: { w: 'majority', journal: true }, maxPoolSize: 50 });
const db = client.db(dbName);
const app = express();
app.disable('x-powered-by');
app.get('/products', async (_req, res) => res.json(await bareCatalogue(db)));
app.get('/orders/:user/:id', async (req, res) => {
  res.json(await bareOrder(db, new ObjectId(req.params.user), new ObjectId(req.params.id)));
});
app.post('/cart/:user/:variant', express.json(), async (req, res) => {
  res.json(await bareAddItem(db, new ObjectId(req.params.user), new ObjectId(req.params.variant)));
});
app.post('/initialize/:user', express.json(), async (req, res) => {
  const user = new ObjectId(req.params.user);
  const code = randomBytes(8).toString('hex').toUpperCase();
  res.json(await bareInitialize({ client, db, paystackUrl, key }, user, { code, checkoutKey: req.body.checkoutKey }));
});
app.post('/webhook', express.raw({ type: () => true }), async (req, res) => {
  const signature = createHmac('sha512', key).update(req.body).digest('hex');
  if (signature !== req.headers['x-paystack-signature']) throw new Error('not signed');
  res.json(await bareWebhook(db, req.body));
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.({ url: `http://127.0.0.1:${address.port}` });
});
process.once('disconnect', () => process.exit());
