/** The host that Paystack's signed URLs name: an object store of another company, which takes one PUT of plain bytes. */
import { createServer } from 'node:http';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { type FaultScript, isCarriedOut } from '../api/fault-script.ts';
import type { LoggedRequest } from '../api/mount-api.ts';
import { injectFault, pauseFor } from '../http/fault-injection.ts';
import { closeServer, isBodyError, listenOnLoopback } from '../http/loopback-server.ts';
import { findDispute } from '../ledger/disputes.ts';
import type { DisputeFileRecord, Records } from '../ledger/records.ts';
import { MAX_BYTES, ObjectStore, type StoreError, storeError } from './object-store.ts';

/** One received PUT, accepted or refused. */
export interface ReceivedUpload {
  at: string;
  /** The last part of the path as sent. */
  fileName: string;
  disputeId: number | null;
  /** HTTP status sent. */
  status: number;
  size: number;
  contentType: string | null;
  /** Whether an Authorization header came along, which is a leak of the secret key. */
  authorized: boolean;
}

export interface UploadHost {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  url: string;
  signedUrl(file: DisputeFileRecord): string;
  received: ReceivedUpload[];
  /** The bytes under a name; null before the upload, and for one of an earlier process. */
  bytesOf(fileName: string): Buffer | null;
  close(): Promise<void>;
}

interface UploadHostOptions {
  port: number;
  records: Records;
  faults: FaultScript;
  requests: LoggedRequest[];
  now: () => Date;
  onChange: () => void;
}

const xmlOf = ({ code, message }: StoreError): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

function refuse(res: Response, refusal: StoreError): void {
  res.status(refusal.status).type('xml').send(xmlOf(refusal));
}

const onError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  const isTooLarge = isBodyError(error);
  if (isTooLarge)
    refuse(res, storeError(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size'));
  else refuse(res, storeError(500, 'InternalError', 'The file could not be stored'));
};

/** Sends the reply, or the fault that is scripted for this upload. */
async function serve(
  res: Response,
  { faults, reference }: { faults: FaultScript; reference: string | null },
  carryOut: () => void,
  answer: () => void,
): Promise<void> {
  const rule = faults.take('dispute.upload', reference);
  const isPlain = rule === null || rule.fault.kind === 'override';
  if (isPlain || (rule.fault.kind === 'delay' && !isCarriedOut(rule))) {
    if (rule?.fault.kind === 'delay') await pauseFor(res, rule.fault.ms);
    carryOut();
    answer();
    return;
  }
  if (isCarriedOut(rule)) carryOut();
  if (rule.fault.kind !== 'override') await injectFault(res, rule.fault, { status: 200, body: {} }, () => ({}));
}

function putHandler(store: ObjectStore, received: ReceivedUpload[], options: UploadHostOptions): RequestHandler {
  const { records, faults, requests, onChange } = options;
  return async (req: Request, res: Response) => {
    const fileName = String(req.params.fileName);
    const file = store.find(fileName);
    const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    const contentType = req.get('content-type') ?? null;
    const at = options.now().toISOString();
    const authorized = req.get('authorization') !== undefined;
    const { 'X-Amz-Date': date, 'X-Amz-Signature': signature } = req.query;
    const refusal = store.refusalOf({ fileName, authorized, date, signature });
    const reference = findDispute(records, String(file?.disputeId))?.reference ?? null;
    const shared = { at, status: null, carriedOut: false };
    const entry: LoggedRequest = { ...shared, route: 'dispute.upload', reference, authorized: refusal === null };
    requests.push(entry);
    res.on('finish', () => {
      entry.status = res.statusCode;
      const [status, size, disputeId] = [res.statusCode, bytes.length, file?.disputeId ?? null];
      received.push({ at, fileName, disputeId, status, size, contentType, authorized });
    });
    const carryOut = (): void => {
      if (refusal !== null || file === undefined) return;
      entry.carriedOut = true;
      store.put(file, bytes, contentType);
      onChange();
    };
    await serve(res, { faults, reference }, carryOut, () => {
      if (refusal === null) res.status(200).end();
      else refuse(res, refusal);
    });
  };
}

export async function startUploadHost(options: UploadHostOptions): Promise<UploadHost> {
  const store = new ObjectStore(options.records, options.now);
  const received: ReceivedUpload[] = [];
  const app = express().disable('x-powered-by').disable('etag');
  app.put('/:fileName', express.raw({ limit: MAX_BYTES, type: () => true }), putHandler(store, received, options));
  app.use((_req, res) => refuse(res, storeError(405, 'MethodNotAllowed', 'This address takes one PUT')));
  app.use(onError);
  const server = createServer(app);
  const url = `http://127.0.0.1:${await listenOnLoopback(server, options.port)}`;
  return {
    url,
    received,
    signedUrl: (file) => url + store.signedPath(file),
    bytesOf: (fileName) => store.bytesOf(fileName),
    close: () => closeServer(server),
  };
}
