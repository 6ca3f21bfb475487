import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { loadBusiness } from '../business/actions.ts';
import type { RouteContext } from '../http/route-context.ts';
import { Failure } from '../kernel/failure.ts';
import type { Language } from '../kernel/language.ts';
import { languageFrom } from '../kernel/language.ts';
import {
  closeAbandonedImports,
  downloadRejects,
  parseMapping,
  retryRejects,
  saveMapping,
  startImport,
} from './actions.ts';
import { listImports, listMappings, loadImport, loadRejectGroups } from './listing.ts';
import { previewTable } from './preview.ts';
import {
  correctionsSchema,
  importRunListSchema,
  importRunSchema,
  importSummarySchema,
  rejectGroupsSchema,
  salesMappingSchema,
  salesPreviewSchema,
  savedMappingSchema,
} from './schema.ts';
import type { Upload } from './uploads.ts';
import { findUpload, hashOfUpload, keepUpload, removeUpload } from './uploads.ts';
import { rejectInWords } from './words.ts';

type Server = Parameters<FastifyPluginAsyncZod>[0];

const runParams = z.object({ importRunId: z.coerce.number().int() });
const uploadIdSchema = z.string().regex(/^[\w-]{20,60}$/);
const mappingListSchema = z.object({ mappings: z.array(savedMappingSchema) });

/** Importa: upload and preview, import with its progress, rejected rows, saved mappings. */
export function salesRoutes(context: RouteContext): FastifyPluginAsyncZod {
  return (server) => {
    server.addHook('onReady', async () => {
      await closeAbandonedImports(context.database, context.clock.now());
    });
    registerUploads(server, context);
    registerImports(server, context);
    registerRejects(server, context);
    registerMappings(server, context);
    return Promise.resolve();
  };
}

/** A file is kept first, then looked at as often as the person corrects how to read it. */
function registerUploads(server: Server, context: RouteContext): void {
  server.post(
    '/api/sales/uploads',
    {
      schema: {
        consumes: ['multipart/form-data'],
        description: 'one file; answers how it would be read',
        response: { 201: salesPreviewSchema },
      },
    },
    async (request, reply) => {
      const part = await request.file();
      if (!part) throw new Failure('invalid_request', { params: { detail: 'file' } });
      const upload = await keepUpload(context.dataFolder, part.file, part.filename, context.clock.now());
      try {
        return await reply.status(201).send(await preview(context, upload, undefined, languageOf(request)));
      } catch (error) {
        await removeUpload(upload);
        throw error;
      }
    },
  );
  server.post(
    '/api/sales/uploads/:uploadId/preview',
    {
      schema: {
        params: z.object({ uploadId: uploadIdSchema }),
        body: z.object({ mapping: salesMappingSchema }),
        response: { 200: salesPreviewSchema },
      },
    },
    async (request) => {
      const upload = await findUpload(context.dataFolder, request.params.uploadId);
      return preview(context, upload, request.body.mapping, languageOf(request));
    },
  );
}

/** An import runs on after the answer; its progress is asked for. */
function registerImports(server: Server, context: RouteContext): void {
  const { database, clock } = context;
  server.post(
    '/api/sales/imports',
    {
      schema: {
        body: z.object({
          uploadId: uploadIdSchema,
          mapping: salesMappingSchema.optional(),
          saveAs: z.string().min(1).max(120).optional().describe('name under which to save the mapping'),
        }),
        response: { 202: importRunSchema },
      },
    },
    async (request, reply) => {
      const upload = await findUpload(context.dataFolder, request.body.uploadId);
      const { mapping, saveAs } = request.body;
      const now = clock.now();
      const started = await startImport(
        database,
        {
          source: { path: upload.path },
          fileName: upload.fileName,
          fileBytes: upload.bytes,
          mapping,
          saveAs,
          timeZone: await timeZoneOf(context),
          operatorId: request.operator?.operatorId ?? null,
        },
        now,
      );
      void started.finished.then(
        () => removeUpload(upload),
        (error: unknown) => {
          context.log.error({ err: error, importRunId: started.importRunId }, 'import failed');
        },
      );
      return reply.status(202).send(await loadImport(database, started.importRunId, languageOf(request)));
    },
  );
  server.get(
    '/api/sales/imports',
    { schema: { response: { 200: importRunListSchema } } },
    async (request) => ({
      imports: await listImports(database, languageOf(request)),
    }),
  );
  server.get(
    '/api/sales/imports/:importRunId',
    { schema: { params: runParams, response: { 200: importRunSchema } } },
    (request) => loadImport(database, request.params.importRunId, languageOf(request)),
  );
}

function registerRejects(server: Server, context: RouteContext): void {
  const { database, clock } = context;
  server.get(
    '/api/sales/imports/:importRunId/rejects',
    { schema: { params: runParams, response: { 200: rejectGroupsSchema } } },
    (request) => loadRejectGroups(database, request.params.importRunId, languageOf(request)),
  );
  server.get(
    '/api/sales/imports/:importRunId/rejects.csv',
    { schema: { params: runParams, produces: ['text/csv'] } },
    async (request, reply) => {
      const language = languageOf(request);
      const text = await downloadRejects(database, request.params.importRunId, (reason) =>
        rejectInWords(reason, language),
      );
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="scarti-${request.params.importRunId}.csv"`)
        .send(text);
    },
  );
  server.post(
    '/api/sales/imports/:importRunId/retry',
    { schema: { params: runParams, body: correctionsSchema, response: { 200: importSummarySchema } } },
    (request) =>
      retryRejects(
        database,
        {
          importRunId: request.params.importRunId,
          corrections: request.body.corrections,
          mapping: request.body.mapping,
          operatorId: request.operator?.operatorId ?? null,
        },
        clock.now(),
      ),
  );
}

function registerMappings(server: Server, context: RouteContext): void {
  const { database, clock } = context;
  server.get('/api/sales/mappings', { schema: { response: { 200: mappingListSchema } } }, async () => ({
    mappings: await listMappings(database),
  }));
  server.put(
    '/api/sales/mappings',
    {
      schema: {
        body: z.object({
          name: z.string().min(1).max(120),
          header: z
            .array(z.string())
            .min(1)
            .describe('column names of the layout, by which it is recognised'),
          specification: salesMappingSchema,
        }),
        response: { 200: mappingListSchema },
      },
    },
    async (request) => {
      const { name, header, specification } = request.body;
      await saveMapping(database, { name, header, specification: parseMapping(specification) }, clock.now());
      return { mappings: await listMappings(database) };
    },
  );
}

async function timeZoneOf(context: RouteContext): Promise<string> {
  return (await loadBusiness(context.database))?.timeZone ?? 'Europe/Rome';
}

function languageOf(request: { headers: { 'accept-language'?: string | undefined } }): Language {
  return languageFrom(request.headers['accept-language']);
}

async function preview(context: RouteContext, upload: Upload, mapping: unknown, language: Language) {
  const request = {
    path: upload.path,
    fileName: upload.fileName,
    mapping,
    timeZone: await timeZoneOf(context),
    language,
    fileHash: await hashOfUpload(upload),
  };
  return {
    uploadId: upload.uploadId,
    ...(await previewTable(context.database, request, context.clock.now())),
  };
}
