import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { databaseFailure } from '../database/failures.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import { Failure } from '../kernel/failure.ts';
import { languageFrom } from '../kernel/language.ts';

/** The answer to every request that did not succeed: a stable code, a sentence for the person, an id for the log. */
export interface FailureAnswer {
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
}

/** Turns anything thrown into one answer. Expected failures keep their code; bugs are logged and become `internal`. */
export function answerFailure(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { failure, message } = describeFailure(error, request);
  const answer: FailureAnswer = { code: failure.code, message, requestId: request.id };
  return reply.status(failure.status).send(answer);
}

/** What to say of anything thrown, in the visitor's language; what is ours to look into goes to the log. */
export function describeFailure(
  error: FastifyError | Error,
  request: FastifyRequest,
): { failure: Failure; message: string } {
  const failure = failureOf(error, request);
  if (failure.status >= 500) request.log.error({ err: error, code: failure.code }, 'request failed');
  const language = languageFrom(request.headers['accept-language']);
  const params = { ...failure.params, requestId: request.id };
  return { failure, message: sentence(`failure.${failure.code}`, language, params) };
}

/** A request for what is not there. */
export function refuseUnknown(): never {
  throw new Failure('not_found', { status: 404 });
}

function failureOf(error: FastifyError | Error, request: FastifyRequest): Failure {
  const known = databaseFailure(error);
  if (known) return known;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const detail = error.validation
      .map((issue) => `${issue.instancePath.replaceAll('/', ' ').trim()} ${issue.message ?? ''}`.trim())
      .join('; ');
    return new Failure('invalid_request', { params: { detail }, cause: error });
  }
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
  if (status === 429) return new Failure('too_many_attempts', { status });
  if (status === 404) return new Failure('not_found', { status });
  if (status < 500)
    return new Failure('invalid_request', { status, params: { detail: error.message }, cause: error });
  return new Failure('internal', { status: 500, params: { requestId: request.id }, cause: error });
}
