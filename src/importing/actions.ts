/** What other features use to read files. */
export { openTable } from './table.ts';
export type { Row, Table, TableWarning } from './table.ts';
export type { TableSource } from './byte-source.ts';
