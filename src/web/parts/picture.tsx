import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';

export interface PictureProps {
  readonly height: number;
  readonly widthMax: number;
  /** What the picture shows, for who cannot see it. */
  readonly label: string;
  readonly legend: string;
  /** Draws inside the width there is. */
  readonly children: (width: number) => ReactNode;
}

/** A drawing as wide as its place, with a legend. */
export function Picture({ height, widthMax, label, legend, children }: PictureProps) {
  const { ref, width: available } = useElementSize();
  const width = Math.min(available, widthMax);
  return (
    <figure ref={ref} style={{ minHeight: height, minWidth: 0, overflow: 'hidden' }}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        style={{ display: 'block' }}
        role="img"
        aria-label={label}
      >
        {children(width)}
      </svg>
      <figcaption className="small muted">{legend}</figcaption>
    </figure>
  );
}
