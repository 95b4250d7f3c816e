import { Schema } from 'mongoose';

/** The marker of a database that `migrate` has prepared. One document. */
export interface SchemaVersion {
  _id: 'schema';
  /** The line of releases whose documents these are; databases of before 1.0.0 lack it. */
  line?: string;
  /** The version of the collections, validators and indexes within the line. */
  version: number;
}

export const schemaVersionSchema = new Schema<SchemaVersion>(
  { _id: { type: String, required: true }, line: String, version: { type: Number, required: true } },
  { collection: 'schemaversion', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
