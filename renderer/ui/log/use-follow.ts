import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { isAtEnd, scrollTopFor } from './windowing.js';
import type { Viewport } from './windowing.js';

export type Follow = {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly viewport: Viewport;
  readonly isFollowing: boolean;
  /** Lines that came since the reader scrolled up. */
  readonly unseen: number;
  readonly onScroll: () => void;
  readonly follow: () => void;
  readonly show: (index: number) => void;
};

/** Stays at the end while the reader is there; the moment the reader scrolls up, nothing moves any more. */
export function useFollow(total: number, version: number): Follow {
  const scroller = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState<Viewport>({ scrollTop: 0, height: 0 });
  const [seenTotal, setSeenTotal] = useState<number | null>(null);
  const isFollowing = seenTotal === null;

  const measure = useCallback(() => {
    const element = scroller.current;
    if (element !== null) {
      setViewport({ scrollTop: element.scrollTop, height: element.clientHeight });
    }
  }, []);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (element !== null) {
      element.scrollTop = element.scrollHeight;
    }
    measure();
  }, [measure]);

  useLayoutEffect(() => {
    if (isFollowing) {
      toEnd();
    }
  }, [isFollowing, toEnd, total, version]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return undefined;
    }
    const observer = new ResizeObserver(() => {
      if (isFollowing) {
        toEnd();
      } else {
        measure();
      }
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [isFollowing, measure, toEnd]);

  return {
    scroller,
    viewport,
    isFollowing,
    unseen: seenTotal === null ? 0 : Math.max(0, total - seenTotal),
    onScroll() {
      const element = scroller.current;
      if (element === null) {
        return;
      }
      const now = { scrollTop: element.scrollTop, height: element.clientHeight };
      setViewport(now);
      setSeenTotal((seen) => (isAtEnd(total, now) ? null : (seen ?? total)));
    },
    follow() {
      setSeenTotal(null);
    },
    show(index) {
      const element = scroller.current;
      if (element !== null) {
        setSeenTotal((seen) => seen ?? total);
        element.scrollTop = scrollTopFor(index, total, element.clientHeight);
        measure();
      }
    },
  };
}
