import { Schema } from 'mongoose';

/** The version of the database's collections, validators and indexes. One document. */
export interface SchemaVersion {
  _id: 'schema';
  version: number;
}

export const schemaVersionSchema = new Schema<SchemaVersion>(
  { _id: { type: String, required: true }, version: { type: Number, required: true } },
  { collection: 'schemaversion', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
