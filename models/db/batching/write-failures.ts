import mongoose from 'mongoose';

/**
 * Runs an unordered bulk and returns the writes that the server refused, by their places. Throws what fails the whole
 * command.
 */
export async function failuresOf(bulk: () => Promise<unknown>): Promise<Map<number, mongoose.mongo.MongoServerError>> {
  try {
    await bulk();
    return new Map();
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
    const failed = [error.writeErrors].flat();
    if (failed.length === 0) throw error;
    return new Map(failed.map(({ index, code = 0, errmsg = '' }) => [index, serverError(code, errmsg)]));
  }
}

function serverError(code: number, errmsg: string): mongoose.mongo.MongoServerError {
  return new mongoose.mongo.MongoServerError({ message: errmsg, code, errmsg });
}
