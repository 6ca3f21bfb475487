import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { RouteContext } from '../http/route-context.ts';
import { fileRoutes } from '../importing/file-routes.ts';
import { previewContacts } from './import-preview.ts';
import { contactImportSummarySchema, contactMappingSchema, contactPreviewSchema } from './import-schema.ts';
import { retryContactRejects, startContactImport } from './import.ts';

/** Importa, for lists of contacts. */
export function contactImportRoutes(context: RouteContext): FastifyPluginAsyncZod {
  const { database } = context;
  return fileRoutes(context, {
    kind: 'contacts',
    mappingSchema: contactMappingSchema,
    previewSchema: contactPreviewSchema,
    summarySchema: contactImportSummarySchema,
    preview: ({ upload, ...file }, mapping, now) =>
      previewContacts(database, { ...file, path: upload.path, fileName: upload.fileName, mapping }, now),
    start: ({ file, ...request }, now) =>
      startContactImport(
        database,
        { ...request, source: { path: file.path }, fileName: file.fileName, fileBytes: file.bytes },
        now,
      ),
    retry: (request, now) => retryContactRejects(database, request, now),
  });
}
