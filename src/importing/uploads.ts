import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../kernel/failure.ts';
import { newToken } from '../kernel/secret.ts';

const KEPT_DAYS = 7;
const MS_PER_DAY = 86_400_000;

/** A file kept until it is imported. */
export interface Upload {
  readonly uploadId: string;
  readonly path: string;
  readonly fileName: string;
  readonly bytes: number;
}

/**
 * Keeps an uploaded file in the data folder until it is imported; what nobody imported within a week is removed.
 * Nothing is left of one that did not arrive whole. Failure `import_file_too_large`.
 */
export async function keepUpload(
  dataFolder: string,
  stream: Readable & { readonly truncated?: boolean },
  fileName: string,
  now: Date,
): Promise<Upload> {
  const folder = join(dataFolder, 'uploads');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeOldUploads(folder, now);
  const uploadId = newToken();
  const path = join(folder, uploadId);
  const name = basename(fileName.replaceAll('\\', '/')) || 'file';
  const upload = { uploadId, path, fileName: name };
  try {
    await pipeline(stream, createWriteStream(path, { mode: 0o600 }));
    if (stream.truncated) throw new Failure('import_file_too_large', { status: 413, params: { file: name } });
    await writeFile(`${path}.json`, JSON.stringify({ fileName: name }), { mode: 0o600 });
    return { ...upload, bytes: (await stat(path)).size };
  } catch (error) {
    await removeUpload(upload);
    throw error;
  }
}

/** A kept file. Failure `upload_gone`. */
export async function findUpload(dataFolder: string, uploadId: string): Promise<Upload> {
  const path = join(dataFolder, 'uploads', basename(uploadId));
  try {
    const { fileName } = JSON.parse(await readFile(`${path}.json`, 'utf8')) as { fileName: string };
    const { size } = await stat(path);
    return { uploadId, path, fileName, bytes: size };
  } catch (cause) {
    throw new Failure('upload_gone', { status: 404, cause });
  }
}

/** Removes a file that was imported. */
export async function removeUpload(upload: Pick<Upload, 'path'>): Promise<void> {
  await rm(upload.path, { force: true });
  await rm(`${upload.path}.json`, { force: true });
}

async function removeOldUploads(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    const { mtimeMs } = await stat(join(folder, name));
    if (mtimeMs < now.getTime() - KEPT_DAYS * MS_PER_DAY) await rm(join(folder, name), { force: true });
  }
}

/** SHA-256 of a kept file. */
export async function hashOfUpload(upload: Upload): Promise<Buffer> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(upload.path), hash);
  return hash.digest();
}
