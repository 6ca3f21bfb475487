import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { loadTimeZone } from '../business/actions.ts';
import type { RouteContext } from '../http/route-context.ts';
import { Failure } from '../kernel/failure.ts';
import type { Language } from '../kernel/language.ts';
import { languageFrom } from '../kernel/language.ts';
import { loadImport } from './listing.ts';
import { checkMapping, findMappings, keepMapping } from './mappings.ts';
import type { StartedImport } from './run.ts';
import type { Correction, FilePreview, ImportKind } from './schema.ts';
import { correctionsSchema, importRunSchema, uploadIdSchema } from './schema.ts';
import type { Upload } from './uploads.ts';
import { findUpload, hashOfUpload, keepUpload, removeUpload } from './uploads.ts';

type Server = Parameters<FastifyPluginAsyncZod>[0];

/** A kept file as a kind of import looks at it. */
export interface FileAtHand {
  readonly upload: Upload;
  readonly fileHash: Buffer;
  readonly timeZone: string;
  readonly language: Language;
}

/** How one kind of import previews, starts and retries; everything around it is the same for all. */
export interface FileKind<Mapping extends z.ZodType, Preview extends z.ZodType, Summary extends z.ZodType> {
  readonly kind: ImportKind;
  readonly mappingSchema: Mapping;
  readonly previewSchema: Preview;
  readonly summarySchema: Summary;
  preview(
    file: FileAtHand,
    mapping: z.output<Mapping> | undefined,
    now: Date,
  ): Promise<Omit<z.output<Preview> & FilePreview, 'uploadId'>>;
  start(
    request: {
      file: Upload;
      timeZone: string;
      operatorId: number | null;
      mapping: z.output<Mapping> | undefined;
      saveAs: string | undefined;
    },
    now: Date,
  ): Promise<StartedImport<z.output<Summary>>>;
  retry(
    request: {
      importRunId: number;
      operatorId: number | null;
      corrections: readonly Correction[];
      mapping: z.output<Mapping> | undefined;
    },
    now: Date,
  ): Promise<z.output<Summary>>;
}

/** The routes of one kind of file: keep and look, start, retry what was rejected, and the saved ways of reading. */
export function fileRoutes<Mapping extends z.ZodType, Preview extends z.ZodType, Summary extends z.ZodType>(
  context: RouteContext,
  kind: FileKind<Mapping, Preview, Summary>,
): FastifyPluginAsyncZod {
  return (server) => {
    registerUploads(server, context, kind);
    registerImports(server, context, kind);
    registerRetry(server, context, kind);
    registerMappings(server, context, kind);
    return Promise.resolve();
  };
}

/** A file is kept first, then looked at as often as the person corrects how to read it. */
function registerUploads<Mapping extends z.ZodType, Preview extends z.ZodType, Summary extends z.ZodType>(
  server: Server,
  context: RouteContext,
  kind: FileKind<Mapping, Preview, Summary>,
): void {
  const previewSchema: z.ZodType = kind.previewSchema;
  const look = async (upload: Upload, given: unknown, language: Language) => {
    const mapping = given === undefined ? undefined : checkMapping(kind.mappingSchema, given);
    const file = {
      upload,
      fileHash: await hashOfUpload(upload),
      timeZone: await loadTimeZone(context.database),
      language,
    };
    const preview = await kind.preview(file, mapping, context.clock.now());
    return { ...preview, uploadId: upload.uploadId };
  };
  server.post(
    `/api/${kind.kind}/uploads`,
    {
      schema: {
        consumes: ['multipart/form-data'],
        description: 'one file; answers how it would be read',
        response: { 201: previewSchema },
      },
    },
    async (request, reply) => {
      const part = await request.file();
      if (!part) throw new Failure('invalid_request', { params: { detail: 'file' } });
      const upload = await keepUpload(context.dataFolder, part.file, part.filename, context.clock.now());
      try {
        return await reply.status(201).send(await look(upload, undefined, languageOf(request)));
      } catch (error) {
        await removeUpload(upload);
        throw error;
      }
    },
  );
  server.post(
    `/api/${kind.kind}/uploads/:uploadId/preview`,
    {
      schema: {
        params: z.object({ uploadId: uploadIdSchema }),
        body: z.object({ mapping: z.unknown().describe('as the mapping in the preview') }),
        response: { 200: previewSchema },
      },
    },
    async (request) =>
      look(
        await findUpload(context.dataFolder, request.params.uploadId),
        request.body.mapping,
        languageOf(request),
      ),
  );
}

/** An import runs on after the answer; its progress is asked for. */
function registerImports<Mapping extends z.ZodType, Preview extends z.ZodType, Summary extends z.ZodType>(
  server: Server,
  context: RouteContext,
  kind: FileKind<Mapping, Preview, Summary>,
): void {
  const { database, clock } = context;
  server.post(
    `/api/${kind.kind}/imports`,
    {
      schema: {
        body: z.object({
          uploadId: uploadIdSchema,
          mapping: z.unknown().optional(),
          saveAs: z.string().min(1).max(120).optional().describe('name under which to save the mapping'),
        }),
        response: { 202: importRunSchema },
      },
    },
    async (request, reply) => {
      const { uploadId, mapping, saveAs } = request.body;
      const upload = await findUpload(context.dataFolder, uploadId);
      const started = await kind.start(
        {
          file: upload,
          timeZone: await loadTimeZone(context.database),
          operatorId: request.operator?.operatorId ?? null,
          mapping: givenMapping(kind, mapping),
          saveAs,
        },
        clock.now(),
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
}

function registerRetry<Mapping extends z.ZodType, Preview extends z.ZodType, Summary extends z.ZodType>(
  server: Server,
  context: RouteContext,
  kind: FileKind<Mapping, Preview, Summary>,
): void {
  const summarySchema: z.ZodType = kind.summarySchema;
  server.post(
    `/api/${kind.kind}/imports/:importRunId/retry`,
    {
      schema: {
        params: z.object({ importRunId: z.coerce.number().int() }),
        body: z.object({
          corrections: correctionsSchema,
          mapping: z.unknown().optional().describe('another way to read the rows'),
        }),
        response: { 200: summarySchema },
      },
    },
    (request) =>
      kind.retry(
        {
          importRunId: request.params.importRunId,
          operatorId: request.operator?.operatorId ?? null,
          corrections: request.body.corrections,
          mapping: givenMapping(kind, request.body.mapping),
        },
        context.clock.now(),
      ),
  );
}

function registerMappings<Mapping extends z.ZodType, Preview extends z.ZodType, Summary extends z.ZodType>(
  server: Server,
  context: RouteContext,
  kind: FileKind<Mapping, Preview, Summary>,
): void {
  const { database, clock } = context;
  const listSchema = z.object({
    mappings: z.array(
      z.object({
        importMappingId: z.number().int(),
        name: z.string(),
        specification: z.unknown(),
        updatedAt: z.string(),
      }),
    ),
  });
  const list = async () => ({ mappings: await findMappings(database, kind.kind, kind.mappingSchema) });
  server.get(`/api/${kind.kind}/mappings`, { schema: { response: { 200: listSchema } } }, list);
  server.put(
    `/api/${kind.kind}/mappings`,
    {
      schema: {
        body: z.object({
          name: z.string().min(1).max(120),
          header: z
            .array(z.string())
            .min(1)
            .describe('column names of the layout, by which it is recognised'),
          specification: z.unknown(),
        }),
        response: { 200: listSchema },
      },
    },
    async (request) => {
      const { name, header } = request.body;
      const specification = checkMapping(kind.mappingSchema, request.body.specification) as object;
      await keepMapping(database, { kind: kind.kind, name, header, specification }, clock.now());
      return list();
    },
  );
}

function givenMapping<Mapping extends z.ZodType, Preview extends z.ZodType, Summary extends z.ZodType>(
  kind: FileKind<Mapping, Preview, Summary>,
  mapping: unknown,
): z.output<Mapping> | undefined {
  return mapping === undefined ? undefined : checkMapping(kind.mappingSchema, mapping);
}

function languageOf(request: { headers: { 'accept-language'?: string | undefined } }): Language {
  return languageFrom(request.headers['accept-language']);
}
