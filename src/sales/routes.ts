import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { RouteContext } from '../http/route-context.ts';
import { fileRoutes } from '../importing/file-routes.ts';
import { retryRejects, startImport } from './actions.ts';
import { previewTable } from './preview.ts';
import { importSummarySchema, salesMappingSchema, salesPreviewSchema } from './schema.ts';

/** Importa, for sales. */
export function salesRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database } = context;
  return fileRoutes(context, {
    kind: 'sales',
    mappingSchema: salesMappingSchema,
    previewSchema: salesPreviewSchema,
    summarySchema: importSummarySchema,
    preview: ({ upload, ...file }, mapping, now) =>
      previewTable(database, { ...file, path: upload.path, fileName: upload.fileName, mapping }, now),
    start: ({ file, ...request }, now) =>
      startImport(
        database,
        { ...request, source: { path: file.path }, fileName: file.fileName, fileBytes: file.bytes },
        now,
      ),
    retry: (request, now) => retryRejects(database, request, now),
  });
}
