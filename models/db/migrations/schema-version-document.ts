/** The version of collections, validators and indexes that the database has. One document. */
import { Schema } from 'mongoose';

export interface SchemaVersion {
  _id: 'schema';
  version: number;
}

export const schemaVersionSchema = new Schema<SchemaVersion>(
  { _id: { type: String, required: true }, version: { type: Number, required: true } },
  { collection: 'schemaversion', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
