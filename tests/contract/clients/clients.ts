/** Foreign client libraries of Paystack, each at a version, and how its base URL is pointed at the sandbox. */
export interface ForeignClient {
  name: string;
  version: string;
  language: 'node' | 'python';
  pointedBy: string;
}

const node = (name: string, version: string, pointedBy: string): ForeignClient => ({
  name,
  version,
  language: 'node',
  pointedBy,
});
const python = (name: string, version: string, pointedBy: string): ForeignClient => ({
  name,
  version,
  language: 'python',
  pointedBy,
});

export const foreignClients: readonly ForeignClient[] = [
  node('paystack-api', '2.0.6', 'member `endpoint`'),
  node('@alexasomba/paystack-node', '1.1.6', 'option `baseUrl`'),
  node('paystack-node', '0.3.0', 'mergeNewOptions({ baseUrl })'),
  node('paystack-sdk', '4.2.1', 'a fetch that replaces the host, because the library has no option for it'),
  python('paystackapi', '2.1.3', 'module variable `API_URL`'),
  python('pypaystack2', '3.4.0', 'class member `_BASE_URL`'),
  python('paystack-api-wrapper', '2', 'argument `base_url`'),
  python('paystackease', '2.3.7', 'class member `_PAYSTACK_API_URL`'),
  python('paystack-sdk', '1.0.1', 'configuration member `host`'),
];
