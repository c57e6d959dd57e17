/** What is read from the server: awaited, here, or failed; and drawn accordingly. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { sentence } from '../../server/sentence';
import { words } from '../../words';
import { onNews, type News } from './news';

export type Remote<T> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'here'; readonly value: T; readonly stale: boolean }
  | { readonly kind: 'failed'; readonly why: string };

export interface Reading<T> {
  readonly now: Remote<T>;
  readonly again: () => void;
  /** Puts a value in place that the server has just told us. */
  readonly put: (value: T) => void;
}

/** What a reading becomes when asking again fails: what was here stays, marked as possibly old. */
export function afterFailure<T>(before: Remote<T>, why: string): Remote<T> {
  return before.kind === 'here' ? { ...before, stale: true } : { kind: 'failed', why };
}

/** Reads when `key` changes and whenever there is news of one of the kinds. A late answer never replaces a newer one. */
export function useReading<T>(read: () => Promise<T>, key: string | number, kinds: readonly News[] = []): Reading<T> {
  const state = useSignal<Remote<T>>({ kind: 'waiting' });
  const asked = useRef(0);
  /** What the value that is here was asked by. */
  const heldFor = useRef<string | number | null>(null);
  const present = useRef(key);
  present.current = key;
  const latest = useRef(read);
  latest.current = read;

  async function again(): Promise<void> {
    const turn = ++asked.current;
    try {
      const value = await latest.current();
      if (turn !== asked.current) return;
      heldFor.current = present.current;
      state.value = { kind: 'here', value, stale: false };
    } catch (error) {
      if (turn !== asked.current) return;
      // What was read for another key is not an old answer to this question: it is none.
      const before: Remote<T> = heldFor.current === present.current ? state.value : { kind: 'waiting' };
      state.value = afterFailure(before, sentence(error));
    }
  }

  useEffect(() => {
    void again();
    const unbind = onNews(kinds, () => void again());
    return () => {
      asked.current += 1;
      unbind();
    };
  }, [key]);

  return {
    now: state.value,
    again: () => void again(),
    put: (value) => {
      asked.current += 1;
      heldFor.current = present.current;
      state.value = { kind: 'here', value, stale: false };
    },
  };
}

export interface ShownProps<T> {
  readonly reading: Reading<T>;
  readonly children: (value: T) => ComponentChildren;
}

/** Draws what is here, or says why it is not. */
export function Shown<T>({ reading, children }: ShownProps<T>) {
  const say = words.value.admin.parts;
  const { now } = reading;
  switch (now.kind) {
    case 'waiting':
      return (
        <p class="quiet" role="status">
          {say.waiting}
        </p>
      );
    case 'failed':
      return (
        <div class="note danger" role="alert">
          <p>
            {say.failed} {now.why}
          </p>
          <button type="button" class="button small" onClick={reading.again}>
            {words.value.common.retry}
          </button>
        </div>
      );
    case 'here':
      return (
        <>
          {now.stale && (
            <p class="note warn" role="status">
              {say.stale}
            </p>
          )}
          {children(now.value)}
        </>
      );
    default:
      return now satisfies never;
  }
}

/** Nothing here yet, and what to do about it. */
export function Empty(props: { readonly what: string; readonly hint: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="strong">{props.what}</p>
      <p class="quiet">{props.hint}</p>
      {props.children}
    </div>
  );
}
