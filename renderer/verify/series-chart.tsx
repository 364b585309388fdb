import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartOptions } from './chart-options.js';
import type { ChartLook } from './chart-options.js';
import type { Series } from './watch-series.js';
import classes from './watch-charts.module.css';

/** One line over time. The words beside it say the same: the canvas itself is only for the eye. */
export function SeriesChart({
  label,
  series,
  look,
}: {
  readonly label: string;
  readonly series: Series;
  readonly look: ChartLook;
}): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('dark');
  // A chart of a few dozen points is cheaper to draw anew than to keep in step with every change of its look.
  useEffect(() => {
    const element = place.current;
    if (element === null) {
      return undefined;
    }
    const [x, y] = series;
    const options = chartOptions(look, element);
    const chart = new uPlot(options, [x, y], element);
    const watcher = new ResizeObserver(() => {
      chart.setSize({ width: element.clientWidth, height: options.height });
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      chart.destroy();
    };
  }, [series, look, scheme]);
  return <div ref={place} className={classes['chart']} role="img" aria-label={label} />;
}
