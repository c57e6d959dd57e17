/** What surrounds the pages before one is signed in: the product's name, one card, the languages. */
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { language, languages, speak, words } from '../../words';
import './sign-in.css';

/** A single card in the middle, named by its heading. */
export function Frame({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const product = words.value.common.product;
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);

  return (
    <div class="entrance">
      <p class="entrance-name">{product}</p>
      <main class="card stack entrance-card">
        <h1>{title}</h1>
        {children}
      </main>
      <div class="row entrance-languages" role="group" aria-label={words.value.common.language}>
        {Object.entries(languages).map(([code, { name }]) => (
          <button
            key={code}
            type="button"
            class="button bare small"
            lang={code}
            aria-pressed={language.value === code}
            onClick={() => speak(code)}
          >
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}
