import { fillTemplate } from '../../rendering/actions.ts';

const STYLE = `
:root{color-scheme:light;--page:#f6f5f0;--surface:#fffefb;--line:#e0ddd2;--edge:#858172;--ink:#20241e;--ink2:#50554b;--brand:{{ brand }};--on:#fff}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:17px/1.5 -apple-system,"Segoe UI",Roboto,Arial,sans-serif}
header{background:var(--brand);color:var(--on);padding:16px 24px;font-weight:600}
main{max-width:560px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:26px;line-height:1.2;margin:8px 0 12px}h2{font-size:20px;margin:32px 0 8px}
fieldset{border:1px solid var(--line);border-radius:16px;background:var(--surface);padding:8px 16px;margin:0 0 16px}
legend{font-weight:600;padding:0 4px}
label{display:flex;gap:12px;align-items:center;min-height:48px;cursor:pointer}
input{width:24px;height:24px;accent-color:var(--brand);flex:none}
button{min-height:52px;width:100%;border-radius:10px;font:inherit;font-weight:600;border:1px solid var(--edge);background:var(--surface);color:var(--ink);margin:0 0 12px;cursor:pointer}
button.main{background:var(--brand);border-color:var(--brand);color:var(--on)}
a,button{outline-offset:3px}
footer{max-width:560px;margin:0 auto;padding:0 16px 32px;font-size:15px;color:var(--ink2)}
small{color:var(--ink2);font-size:15px}
`;

const LAYOUT = `<!doctype html><html lang="{{ language }}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>{{ title }} · {{ shop }}</title><style>${STYLE}</style></head>
<body><header>{{ shop }}</header><main>{{ body | raw }}</main><footer>{{ identity }}</footer></body></html>`;

export interface PageFrame {
  readonly language: string;
  readonly title: string;
  readonly shop: string;
  readonly brand: string;
  readonly identity: string;
}

/** One of the customer's pages: plain HTML in the shop's colour, no script, nothing from elsewhere. */
export function renderPage(frame: PageFrame, body: string, facts: object): string {
  return fillTemplate(LAYOUT, { ...frame, body: fillTemplate(body, facts, 'html') }, 'html');
}

export const choicesBody = `
<h1>{{ words.hello }}</h1><p>{{ words.intro }}</p>
{% if isOut %}<p>{{ words.welcome_back }}</p>{% else %}
<form method="post" action="{{ base }}/stop"><button>{{ words.stop }}</button></form>{% endif %}
<form method="post" action="{{ base }}">
<h2>{{ words.how }}</h2><fieldset><legend>{{ words.messages_by }}</legend>
{% for channel in channels %}<label><input type="checkbox" name="channel" value="{{ channel.name }}"{% if channel.isOn %} checked{% endif %}>{{ channel.label }} <small>{{ channel.address }}</small></label>{% endfor %}
</fieldset>
<h2>{{ words.advice }}</h2><p><small>{{ words.advice_note }}</small></p><fieldset><legend>{{ words.advice }}</legend>
<label><input type="radio" name="profiling" value="yes"{% if profiling %} checked{% endif %}>{{ words.yes }}</label>
<label><input type="radio" name="profiling" value="no"{% unless profiling %} checked{% endunless %}>{{ words.no }}</label></fieldset>
<button class="main">{{ words.save }}</button></form>`;

export const confirmBody = `<h1>{{ words.stop_question }}</h1><p>{{ words.stop_note }}</p>
<form method="post" action="{{ base }}"><button class="main">{{ words.stop }}</button></form><p><a href="{{ choices }}">{{ words.choices }}</a></p>`;

export const doneBody = `<h1>{{ words.done }}</h1><p>{{ words.done_note }}</p><p><a href="{{ choices }}">{{ words.choices }}</a></p>`;

export const troubleBody = '<h1>{{ words.trouble }}</h1><p>{{ message }}</p>';

export const goneBody = '<h1>{{ words.gone }}</h1><p>{{ words.gone_note }}</p>';
