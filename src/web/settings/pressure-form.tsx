import { Button, Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { PressureTrial } from '../../planner/schema.ts';
import { pressureBounds, rulesMax } from '../../pressure/bounds.ts';
import type { PressureState } from '../../pressure/schema.ts';
import { call } from '../api.ts';
import { sayFailure } from '../parts/notify.ts';
import type { Cap, Exclusion, Quiet } from './rule-fields.tsx';
import { CapFields, ExclusionFields, hasWrongRule, QuietFields } from './rule-fields.tsx';
import { RuleList } from './rule-list.tsx';
import { anyMessage } from './scope-select.tsx';
import { SettingForm } from './setting-form.tsx';
import { useSavedForm } from './use-saved-form.ts';
import { isWithin, WholeNumber } from './whole-number.tsx';

const newCap: Cap = { ...anyMessage, max: 1, days: 30 };
const newExclusion: Exclusion = {
  scope: { ...anyMessage, classes: ['promotion'] },
  other: { ...anyMessage, classes: ['care'] },
  days: 7,
};
const newQuiet: Quiet = { channels: [], weekdays: [7], onHolidays: false };

/** How often one person may be written to: the rules one by one, and what they would change before they are saved. */
export function PressureForm() {
  const { t } = useTranslation();
  const trial = useMutation({
    mutationFn: (rules: PressureState) => call<PressureTrial>('POST', '/api/pressure/trial', rules),
    onError: sayFailure,
  });
  const form = useSavedForm<PressureState>('/api/pressure', () => trial.reset());
  const { value, stored } = form;
  const change = (part: Partial<PressureState>): void => {
    trial.reset(); // it told of other rules
    form.set(part);
  };
  return (
    <SettingForm
      title={t('settings.pressure')}
      form={form}
      isWrong={isWrong}
      beside={
        value && (
          <Button
            variant="default"
            disabled={!form.isChanged || isWrong(value)}
            loading={trial.isPending}
            onClick={() => trial.mutate(value)}
          >
            {t('settings.trial')}
          </Button>
        )
      }
    >
      {(rules) => (
        <>
          <p className="muted">{t('settings.pressure_note')}</p>
          <RuleList
            words="settings.cap"
            rules={rules.caps}
            stored={stored?.caps ?? []}
            sentences={rules.sentences.caps}
            newRule={newCap}
            max={rulesMax.caps}
            onChange={(caps) => change({ caps })}
          >
            {(rule, put) => <CapFields rule={rule} onChange={put} />}
          </RuleList>
          <RuleList
            words="settings.exclusion"
            rules={rules.exclusions}
            stored={stored?.exclusions ?? []}
            sentences={rules.sentences.exclusions}
            newRule={newExclusion}
            max={rulesMax.exclusions}
            onChange={(exclusions) => change({ exclusions })}
          >
            {(rule, put) => <ExclusionFields rule={rule} onChange={put} />}
          </RuleList>
          <RuleList
            words="settings.quiet"
            rules={rules.quiet}
            stored={stored?.quiet ?? []}
            sentences={rules.sentences.quiet}
            newRule={newQuiet}
            max={rulesMax.quiet}
            onChange={(quiet) => change({ quiet })}
          >
            {(rule, put) => <QuietFields rule={rule} onChange={put} />}
          </RuleList>
          <div className="halves">
            <WholeNumber
              label={t('settings.care_share')}
              description={t('settings.care_share_note')}
              bounds={pressureBounds.carePercent}
              suffix=" %"
              value={Math.round(rules.careShare * 100)}
              onChange={(percent) => change({ careShare: percent / 100 })}
            />
            <WholeNumber
              label={t('settings.rest')}
              bounds={pressureBounds.restDays}
              value={rules.restAfterReturnDays}
              onChange={(restAfterReturnDays) => change({ restAfterReturnDays })}
            />
          </div>
          <Switch
            label={t('settings.household')}
            description={t('settings.household_note')}
            checked={rules.isPerHousehold}
            onChange={(event) => change({ isPerHousehold: event.currentTarget.checked })}
          />
          {trial.data && form.isChanged && <p role="status">{trial.data.sentence}</p>}
        </>
      )}
    </SettingForm>
  );
}

const isWrong = (rules: PressureState): boolean =>
  hasWrongRule(rules) ||
  !isWithin(Math.round(rules.careShare * 100), pressureBounds.carePercent) ||
  !isWithin(rules.restAfterReturnDays, pressureBounds.restDays);
