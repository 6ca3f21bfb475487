import { Chip, Input } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { pressureBounds, QUIET_WEEKDAYS_MAX } from '../../pressure/bounds.ts';
import type { PressureState } from '../../pressure/schema.ts';
import { useDays } from '../parts/days.ts';
import { ChannelSelect } from './channel-select.tsx';
import { ScopeSelect } from './scope-select.tsx';
import { isWithin, WholeNumber } from './whole-number.tsx';

export type Cap = PressureState['caps'][number];
export type Exclusion = PressureState['exclusions'][number];
export type Quiet = PressureState['quiet'][number];

export interface RuleFieldsProps<Rule> {
  readonly rule: Rule;
  readonly onChange: (part: Partial<Rule>) => void;
}

/** At most so many messages in so many days. */
export function CapFields({ rule, onChange }: RuleFieldsProps<Cap>) {
  const { t } = useTranslation();
  const { channels: _, ...others } = rule;
  return (
    <div className="rule-fields cap">
      <WholeNumber
        label={t('settings.cap_max')}
        bounds={pressureBounds.capMessages}
        value={rule.max}
        onChange={(max) => onChange({ max })}
      />
      <WholeNumber
        label={t('settings.cap_days')}
        bounds={pressureBounds.days}
        value={rule.days}
        onChange={(days) => onChange({ days })}
      />
      <ChannelSelect
        label={t('settings.cap_channels')}
        all={t('settings.cap_all_channels')}
        value={rule.channels}
        onChange={(channels) => onChange({ channels })}
      />
      <ScopeSelect
        label={t('settings.cap_scope')}
        words="settings.cap"
        scope={{ ...others, channels: [] }}
        onChange={({ classes, kinds, tags }) => onChange({ classes, kinds, tags })}
      />
    </div>
  );
}

/** Never one kind within so many days of another. */
export function ExclusionFields({ rule, onChange }: RuleFieldsProps<Exclusion>) {
  const { t } = useTranslation();
  return (
    <div className="rule-fields exclusion">
      <ScopeSelect
        label={t('settings.exclusion_never')}
        words="settings.scope"
        hasChannels
        scope={rule.scope}
        onChange={(scope) => onChange({ scope })}
      />
      <WholeNumber
        label={t('settings.exclusion_days')}
        bounds={pressureBounds.days}
        value={rule.days}
        onChange={(days) => onChange({ days })}
      />
      <ScopeSelect
        label={t('settings.exclusion_from')}
        words="settings.scope"
        hasChannels
        scope={rule.other}
        onChange={(other) => onChange({ other })}
      />
    </div>
  );
}

const HOLIDAYS = 'holidays';
const weekdays = [1, 2, 3, 4, 5, 6, 7];

/** Days on which a channel rests. */
export function QuietFields({ rule, onChange }: RuleFieldsProps<Quiet>) {
  const { t } = useTranslation();
  const days = useDays();
  const label = useId();
  const wrong = quietError(rule);
  return (
    <div className="rule-fields quiet">
      <Input.Wrapper
        size="md"
        label={t('settings.quiet_days')}
        labelElement="div"
        labelProps={{ id: label }}
        error={wrong && t(`settings.quiet_${wrong}`)}
      >
        <div className="row chips" role="group" aria-labelledby={label} data-wrong={wrong !== null}>
          <Chip.Group
            multiple
            value={[...rule.weekdays.map(String), ...(rule.onHolidays ? [HOLIDAYS] : [])]}
            onChange={(chosen) =>
              onChange({
                weekdays: weekdays.filter((weekday) => chosen.includes(String(weekday))),
                onHolidays: chosen.includes(HOLIDAYS),
              })
            }
          >
            {weekdays.map((weekday) => (
              <Chip key={weekday} size="md" variant="outline" value={String(weekday)}>
                {days.weekday(weekday)}
              </Chip>
            ))}
            <Chip size="md" variant="outline" value={HOLIDAYS}>
              {t('settings.quiet_holidays')}
            </Chip>
          </Chip.Group>
        </div>
      </Input.Wrapper>
      <ChannelSelect
        label={t('settings.quiet_channels')}
        all={t('settings.quiet_all_channels')}
        value={rule.channels}
        onChange={(channels) => onChange({ channels })}
      />
    </div>
  );
}

/** What is wrong with the days of a rule: none, or all of the week. */
function quietError({ weekdays: chosen, onHolidays }: Quiet): 'no_day' | 'every_day' | null {
  if (chosen.length === 0 && !onHolidays) return 'no_day';
  return chosen.length > QUIET_WEEKDAYS_MAX ? 'every_day' : null;
}

/** Whether any field of the rules says that it cannot be saved so. */
export function hasWrongRule({ caps, exclusions, quiet }: PressureState): boolean {
  const { capMessages, days } = pressureBounds;
  return (
    caps.some((cap) => !isWithin(cap.max, capMessages) || !isWithin(cap.days, days)) ||
    exclusions.some((rule) => !isWithin(rule.days, days)) ||
    quiet.some((rule) => quietError(rule) !== null)
  );
}
