import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Today } from '../../planner/schema.ts';

/** Who was not chosen and why, always there, even when it is nobody. */
export function LeftOut({ leftOut }: { readonly leftOut: Today['leftOut'] }) {
  const { t } = useTranslation();
  return (
    <details className="card">
      <summary className="row" style={{ minHeight: 44, cursor: 'pointer' }}>
        <IconInfoCircle size={20} aria-hidden="true" />
        {t('today.left_out', { count: leftOut.count })}
      </summary>
      <table>
        <tbody>
          {leftOut.reasons.map((reason) => (
            <tr key={reason.reason}>
              <td style={{ width: 64 }}>{reason.count}</td>
              <td>{reason.sentence}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
