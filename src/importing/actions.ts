/** What features that import files share: reading tables, kept uploads, runs with their rejects, saved mappings. */
export { openTable } from './table.ts';
export type { Row, Table, TableWarning } from './table.ts';
export type { TableSource } from './byte-source.ts';
export { findUpload, hashOfUpload, keepUpload, removeUpload } from './uploads.ts';
export type { Upload } from './uploads.ts';
export { inOneBatch, openRejects, startRun } from './run.ts';
export type { StartedImport } from './run.ts';
export { checkMapping, findMappings, keepMapping } from './mappings.ts';
export type { SavedMapping } from './mappings.ts';
export { loadImport } from './listing.ts';
export { insertRejects, markRetried, selectEarlierRun, updateReading } from './run-queries.ts';
export type { Reject, RunReading } from './run-queries.ts';
export { ownText } from './text-decoding.ts';
export { doubtOf, rejectInWords } from './words.ts';
