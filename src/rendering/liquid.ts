import type { Template } from 'liquidjs';
import { Liquid } from 'liquidjs';
import { Failure } from '../kernel/failure.ts';

const limits = { parseLimit: 100_000, renderLimit: 500, memoryLimit: 5_000_000 };

// No file system and no prototype access: a template is data that a shopkeeper writes.
const htmlEngine = new Liquid({
  templates: {},
  outputEscape: 'escape',
  strictFilters: true,
  ownPropertyOnly: true,
  ...limits,
});
const textEngine = new Liquid({
  templates: {},
  strictFilters: true,
  ownPropertyOnly: true,
  ...limits,
});

/** Fills the fields of a template; `html` escapes what is filled in. Failure `template_wrong` with the line. */
export function fillTemplate(template: string, facts: object, kind: 'html' | 'text'): string {
  return fill(kind === 'html' ? htmlEngine : textEngine, template, facts, false);
}

/** Refuses a template with a field that the facts do not have, which would leave a hole in a sentence. Failure `template_wrong`. */
export function checkFields(template: string, facts: object): void {
  fill(textEngine, template, facts, true);
}

function fill(engine: Liquid, template: string, facts: object, strictVariables: boolean): string {
  try {
    return String(engine.renderSync(parsed(engine, template), facts, { strictVariables }));
  } catch (cause) {
    throw new Failure('template_wrong', { params: { detail: (cause as Error).message }, cause });
  }
}

const KEPT_MAX = 200;
const kept = new Map<Liquid, Map<string, Template[]>>();

/** A shop writes few templates and fills each thousands of times: they are read once. */
function parsed(engine: Liquid, template: string): Template[] {
  const own = kept.get(engine) ?? new Map<string, Template[]>();
  kept.set(engine, own);
  const known = own.get(template);
  if (known) return known;
  if (own.size >= KEPT_MAX) own.clear();
  const read = engine.parse(template);
  own.set(template, read);
  return read;
}
