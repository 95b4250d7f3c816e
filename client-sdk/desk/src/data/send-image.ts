import { type FileOptions, isConnectionError, isOrdersError, type SentPicture } from '@orders-module/client';
import { asSentence, FormError } from '../../../parts/data/errors.ts';
import { currentSession, expireSession } from '../../../parts/data/session.ts';

/** Equal to the server's limit. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** The types that the server takes, for the choice of a file. */
export const IMAGE_TYPES = 'image/jpeg,image/png,image/webp,image/avif';

/** The session ended before the file was in the shop. The same files may be sent once more. */
export class SendingInterrupted extends FormError {}

/** Sends one file of this person's by `send`. Throws FormError, which names the file, for one that the shop does not take. */
export async function sendImage(
  file: File,
  send: (options: FileOptions) => Promise<SentPicture>,
  onProgress?: (sent: number) => void,
): Promise<SentPicture> {
  if (file.size > MAX_FILE_BYTES) throw new FormError(`${file.name} is larger than 10 MB.`);
  const token = currentSession()?.token ?? '';
  try {
    return await send({ url: '', token, file, ...(onProgress === undefined ? {} : { onProgress }) });
  } catch (error) {
    if (isConnectionError(error) || isOrdersError(error) || !(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'UNAUTHENTICATED') {
      expireSession();
      throw new SendingInterrupted(`Your session ended before ${file.name} was in the shop.`);
    }
    throw new FormError(`${file.name}: ${asSentence(error.message.replace(/^file: /, ''))}`);
  }
}
