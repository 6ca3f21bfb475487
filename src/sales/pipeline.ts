import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connection } from '../database/connection.ts';
import type { Reject, Row } from '../importing/actions.ts';
import { insertRejects } from '../importing/actions.ts';
import type { ImportProgress } from '../importing/schema.ts';
import { applyPurchases } from '../clocks/actions.ts';
import type { CategoryChoice } from './category-rules.ts';
import { CustomerLookup } from './customer-lookup.ts';
import type { LineReader } from './line-reader.ts';
import type { ProductFacts } from './product-lookup.ts';
import { ProductLookup } from './product-lookup.ts';
import { ReceiptBuilder } from './receipt-batch.ts';
import type { ImportSummary, SalesMapping } from './schema.ts';
import { settleDoubtful } from './settle.ts';
import { Staging } from './staging.ts';
import { createStagingTables, hasReceipts, storeKeys } from './staging-queries.ts';
import { StoreLookup } from './store-lookup.ts';

/** Lines between two journeys to the server: enough to make the journeys cheap, few enough to stay small. */
const BATCH_LINES = 40_000;
const REJECT_BATCH = 1000;

/** One pass of rows through an import. */
export interface Pipeline {
  readonly rows: AsyncIterable<readonly Row[]>;
  readonly mapping: SalesMapping;
  readonly reader: LineReader;
  readonly chooseCategory: (facts: ProductFacts) => CategoryChoice;
  readonly importRunId: number;
  readonly now: Date;
  /** Corrected rows of an earlier file: they only ever add lines to their receipts. */
  readonly areFragments: boolean;
  /** Whether a date that contradicts the format of the first rows ends the reading (`TwoDateFormats`). */
  readonly stopsAtOtherDateFormat: boolean;
  onProgress(progress: { phase: ImportProgress['phase']; done: number }): void;
}

/** A column turned out to hold dates in two formats: what was read so far may have been read the wrong way round. */
export class TwoDateFormats extends Error {}

/** Everything of a summary but the time it took. */
export type PipelineResult = Omit<ImportSummary, 'seconds' | 'importRunId'>;

/** Reads, matches, stores and updates the clocks inside the given transaction. */
export async function runPipeline(transaction: Connection, pipeline: Pipeline): Promise<PipelineResult> {
  const { now, importRunId } = pipeline;
  await createStagingTables(transaction);
  const mayKnowReceipts = await hasReceipts(transaction);
  const products = new ProductLookup(pipeline.chooseCategory, now);
  const customers = new CustomerLookup(now);
  const staging = new Staging(
    transaction,
    { products, customers, stores: new StoreLookup() },
    { importRunId, mayKnowReceipts, maxReceiptsPerDay: pipeline.mapping.maxReceiptsPerDay },
  );
  const builder = new ReceiptBuilder(pipeline.mapping, { products, customers }, pipeline.areFragments);
  const read = await readRows(transaction, pipeline, builder, staging);
  pipeline.onProgress({ phase: 'storing', done: read.count });
  const { counts } = staging;
  const settled = await settleDoubtful(transaction, { mayKnowReceipts, importRunId, now }, counts);
  await storeKeys(transaction);
  pipeline.onProgress({ phase: 'clocks', done: read.count });
  const clocks = await applyPurchases(transaction, now);
  return {
    read: read.count,
    ...counts,
    rejected: [...read.rejects.values()].reduce((sum, count) => sum + count, 0),
    rejects: Object.fromEntries([...read.rejects].sort(([, a], [, b]) => b - a)),
    newContacts: customers.createdCount,
    newProducts: products.createdCount,
    changedReceipts: settled.changedReceipts,
    suspectCards: staging.suspectCount,
    contactsUpdated: clocks.updated + clocks.rebuilt,
  };
}

async function readRows(
  transaction: Connection,
  pipeline: Pipeline,
  builder: ReceiptBuilder,
  staging: Staging,
): Promise<{ count: number; rejects: Map<string, number> }> {
  const { reader } = pipeline;
  const rejects = new Map<string, number>();
  let kept: Reject[] = [];
  let count = 0;
  // While the server takes one batch in, the next one is read.
  let storing: Promise<void> = Promise.resolve();
  try {
    for await (const batch of pipeline.rows) {
      for (const row of batch) {
        const reason = reader.read(row.cells);
        if (reason === null) {
          if (builder.lineCount >= BATCH_LINES && builder.isBoundary(reader)) {
            await storing;
            storing = staging.add(builder.take(false));
            storing.catch(() => undefined); // awaited before the next batch
          }
          builder.add(reader);
          continue;
        }
        builder.noteRejected(reader.number);
        rejects.set(reason, (rejects.get(reason) ?? 0) + 1);
        kept.push({ lineNumber: row.lineNumber, reason, field: reader.field, cells: row.cells });
      }
      if (pipeline.stopsAtOtherDateFormat && reader.hasOtherDateFormat) throw new TwoDateFormats();
      count += batch.length;
      if (kept.length >= REJECT_BATCH) {
        await storing;
        await insertRejects(transaction, pipeline.importRunId, kept);
        kept = [];
      }
      pipeline.onProgress({ phase: 'reading', done: count });
      await nextTurn(); // others of this process have their turn between blocks
    }
  } finally {
    // However the reading ends, nothing of it may still be on its way when the transaction is rolled back.
    await storing.catch(() => undefined);
  }
  await storing;
  await insertRejects(transaction, pipeline.importRunId, kept);
  await staging.add(builder.take(true));
  await staging.finish();
  return { count, rejects };
}
