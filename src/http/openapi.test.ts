import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestApplication } from '../../test/support/application.ts';
import { Browser, openManagement } from '../../test/support/management.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: object;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, { schema?: object }> };
  readonly responses: Record<string, { description?: string; content?: Record<string, { schema?: object }> }>;
}

describe('the description of the API', async () => {
  const application = await createTestApplication({ now: new Date('2026-11-24T09:00:00Z') });
  const { server } = await openManagement(application);
  afterAll(() => server.close());
  const response = await new Browser(server).request('GET', '/api/openapi.json');
  const document = response.json<{
    openapi: string;
    info: { title: string; version: string };
    components?: { schemas?: Record<string, object> };
    paths: Record<string, Record<string, Operation>>;
  }>();
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method} ${path}`,
      method,
      path,
      operation,
    })),
  );

  it('is OpenAPI 3.1, with a title and a version', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: 'Bentornato', version: '0.0.0' });
    expect(operations.length).toBeGreaterThan(45);
    expect(
      operations.filter(({ method }) => !['get', 'post', 'put', 'patch', 'delete'].includes(method)),
    ).toEqual([]);
    expect(Object.keys(document.paths).filter((path) => !path.startsWith('/api/'))).toEqual([]);
  });

  it('declares every parameter of every path, as required, and no other', () => {
    for (const { name, path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter).sort();
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map((parameter) => parameter.name).sort(), name).toEqual(inPath);
      expect(
        declared.filter(({ required }) => required !== true),
        name,
      ).toEqual([]);
    }
  });

  it('says of every route what it answers', () => {
    for (const { name, operation } of operations) {
      const successes = Object.entries(operation.responses).filter(([status]) => /^2\d\d$/.test(status));
      expect(successes, name).toHaveLength(1);
      for (const [status, answer] of Object.entries(operation.responses)) {
        expect(answer.description, name).toBeTypeOf('string');
        if (status === '204') continue;
        const schemas = Object.values(answer.content ?? {}).map(({ schema }) => schema);
        expect(
          schemas.filter((schema) => schema !== undefined && Object.keys(schema).length > 0),
          name,
        ).not.toEqual([]);
      }
    }
  });

  it('contains only valid JSON Schema 2020-12, with references that lead somewhere', () => {
    const ajv = new Ajv2020({ strict: false });
    let schemas = 0;
    for (const { name, operation } of operations) {
      const found = [
        ...(operation.parameters ?? []).map(({ schema }) => schema),
        ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema),
        ...Object.values(operation.responses).flatMap(({ content }) =>
          Object.values(content ?? {}).map(({ schema }) => schema),
        ),
      ].filter((schema) => schema !== undefined);
      for (const schema of found) {
        schemas += 1;
        expect(ajv.validateSchema(schema), `${name}: ${ajv.errorsText()}`).toBe(true);
        for (const [, at = ''] of JSON.stringify(schema).matchAll(/"\$ref":"#\/([^"]+)"/g))
          expect(at.split('/').reduce<unknown>(step, document), `${name} refers to ${at}`).toBeDefined();
      }
    }
    expect(schemas).toBeGreaterThan(70);
  });
});

const step = (value: unknown, name: string): unknown =>
  (value as Record<string, unknown> | undefined)?.[name];
