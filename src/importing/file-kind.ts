import { Failure } from '../kernel/failure.ts';

/** What a file is by its first bytes, whatever its name says. */
export type FileKind = 'text' | 'xlsx' | 'gzip';

const startsWith = (head: Buffer, ...bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

/**
 * Recognises a file by its first bytes. Failures, each with what to do: `import_file_empty`, `import_file_is_pdf`,
 * `import_file_is_image`, `import_file_is_archive`, `import_file_is_old_excel`, `import_file_is_open_document`,
 * `import_file_is_web_page`, `import_file_is_xml`, `import_file_is_not_text`.
 */
export function recogniseFileKind(head: Buffer, fileName: string): FileKind {
  const refuse = (code: string): Failure => new Failure(code, { params: { file: fileName } });
  if (head.length === 0) throw refuse('import_file_empty');
  if (startsWith(head, 0x1f, 0x8b)) return 'gzip';
  if (head.subarray(0, 1024).includes('%PDF-')) throw refuse('import_file_is_pdf');
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04) || startsWith(head, 0x50, 0x4b, 0x05, 0x06)) {
    if (head.includes('application/vnd.oasis.opendocument.spreadsheet'))
      throw refuse('import_file_is_open_document');
    if (head.includes('word/') || head.includes('ppt/')) throw refuse('import_file_is_not_text');
    if (isWorkbook(head)) return 'xlsx';
    throw refuse('import_file_is_archive');
  }
  if (startsWith(head, 0xd0, 0xcf, 0x11, 0xe0)) throw refuse('import_file_is_old_excel');
  if (isImage(head)) throw refuse('import_file_is_image');
  if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) return 'text';
  if (head.includes(0)) throw refuse('import_file_is_not_text');
  const opening = head
    .subarray(0, 512)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .toLowerCase();
  if (/^(<!doctype html|<html|<table|<head|<style)/.test(opening)) throw refuse('import_file_is_web_page');
  if (/^<(\?xml|[a-z])/.test(opening)) throw refuse('import_file_is_xml');
  if (opening === '' && head.length < 512) throw refuse('import_file_empty');
  return 'text';
}

/** A workbook names its parts in the first entries of the archive; any other archive does not. */
function isWorkbook(head: Buffer): boolean {
  return head.includes('[Content_Types].xml') || head.includes('xl/') || head.includes('_rels/.rels');
}

function isImage(head: Buffer): boolean {
  return (
    startsWith(head, 0x89, 0x50, 0x4e, 0x47) ||
    startsWith(head, 0xff, 0xd8, 0xff) ||
    startsWith(head, 0x47, 0x49, 0x46, 0x38) ||
    // "BM" also begins words: only a bitmap has zeros in its reserved bytes.
    (startsWith(head, 0x42, 0x4d) && head.subarray(6, 10).equals(Buffer.alloc(4))) ||
    head.subarray(8, 12).toString('latin1') === 'WEBP'
  );
}
