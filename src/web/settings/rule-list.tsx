import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

export interface RuleListProps<Rule> {
  /** Beginning of the keys of its words: `settings.cap`. */
  readonly words: string;
  readonly rules: readonly Rule[];
  /** Rules as they are stored, the same objects while they are unchanged, and each in words. */
  readonly stored: readonly Rule[];
  readonly sentences: readonly string[];
  /** A rule to begin with. */
  readonly newRule: Rule;
  readonly max: number;
  readonly onChange: (rules: Rule[]) => void;
  /** The fields of a rule that is being changed. */
  readonly children: (rule: Rule, change: (part: Partial<Rule>) => void) => ReactNode;
}

/** Rules of one sort: what is stored as a sentence each, what is being changed as fields, until it is saved. */
export function RuleList<Rule extends object>(list: RuleListProps<Rule>) {
  const { words, rules, stored, sentences, newRule, max, onChange, children } = list;
  const { t } = useTranslation();
  const add = useRef<HTMLButtonElement>(null);
  const put = (place: number, part: Partial<Rule>): void =>
    onChange(rules.map((rule, other) => (other === place ? { ...rule, ...part } : rule)));
  const remove = (place: number): void => {
    onChange(rules.filter((_, other) => other !== place));
    add.current?.focus();
  };
  return (
    <section className="stack" style={{ '--gap': '8px' } as React.CSSProperties}>
      <h3>{t(`${words}_title`)}</h3>
      <p className="small muted">{t(`${words}_note`)}</p>
      {rules.length === 0 && <p>{t(`${words}_none`)}</p>}
      <ul>
        {rules.map((rule, place) => {
          const number = place + 1;
          const sentence = sentences[stored.indexOf(rule)];
          const removal = (
            <Quiet label={t(`${words}_remove_this`, { number })} onClick={() => remove(place)}>
              {t('settings.rule_remove')}
            </Quiet>
          );
          return sentence === undefined ? (
            <OpenRule key={number}>
              {children(rule, (part) => put(place, part))}
              {removal}
            </OpenRule>
          ) : (
            <li key={number} className="rule">
              <span className="grow">{sentence}</span>
              <Quiet label={t(`${words}_change_this`, { number })} onClick={() => put(place, {})}>
                {t('settings.rule_change')}
              </Quiet>
              {removal}
            </li>
          );
        })}
      </ul>
      <div className="row">
        <Button
          ref={add}
          variant="default"
          disabled={rules.length >= max}
          onClick={() => onChange([...rules, newRule])}
        >
          {t(`${words}_add`)}
        </Button>
        {rules.length >= max && <span className="small muted">{t('settings.rules_full', { max })}</span>}
      </div>
    </section>
  );
}

/** A rule whose fields are open; whoever opened it writes on in the first one. */
function OpenRule({ children }: { readonly children: ReactNode }) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => row.current?.querySelector('input')?.focus(), []);
  return (
    <li ref={row} className="rule open">
      {children}
    </li>
  );
}

function Quiet({
  label,
  onClick,
  children,
}: {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: string;
}) {
  return (
    <Button variant="subtle" color="gray" c="var(--ink-2)" px="sm" aria-label={label} onClick={onClick}>
      {children}
    </Button>
  );
}
