import { IconChevronDown, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Today } from '../../planner/schema.ts';
import { localeOf } from '../parts/locale.ts';

/** Who was not chosen and why, always there, even when it is nobody. */
export function LeftOut({ leftOut }: { readonly leftOut: Today['leftOut'] }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(localeOf(i18n.language), { useGrouping: 'always' });
  return (
    <details className="card left-out">
      <summary className="row" style={{ minHeight: 44, cursor: 'pointer' }}>
        <IconInfoCircle size={20} aria-hidden="true" />
        <span className="grow">{t('today.left_out', { count: leftOut.count })}</span>
        {leftOut.count > 0 && <IconChevronDown size={20} aria-hidden="true" />}
      </summary>
      <table>
        <tbody>
          {leftOut.reasons.map((reason) => (
            <tr key={reason.reason}>
              <td style={{ width: 72 }}>{number.format(reason.count)}</td>
              <td>{reason.sentence}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
