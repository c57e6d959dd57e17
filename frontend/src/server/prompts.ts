/** What callers hear: the administrator's doors to prompts. */
import { ask } from './api';
import { flag, instant, list, maybe, number, record, text, type Decoder } from './decode';
import { hotlinePath } from './hotlines';

/** The path of an address of ours: the page may have been opened under another name than the one Plivo is given. */
const decodePathname: Decoder<string> = (value, path = '') => new URL(text(value, path), 'http://here').pathname;

const decodeRecording = record({ url: decodePathname, kind: text, bytes: number, seconds: number, updated_at: instant });

const promptFields = {
  prompt: text,
  language: text,
  text,
  text_to_record: text,
  own_text: maybe(text),
  recording: maybe(decodeRecording),
  recording_needed: flag,
};
export const decodePrompt = record(promptFields);
export type PromptRow = ReturnType<typeof decodePrompt>;

export const decodePromptLanguage = record({
  code: text,
  own_name: text,
  has_voice: flag,
  usable_in_menu: flag,
  missing_recordings: list(text),
  prompts: list(decodePrompt),
});
export type PromptLanguage = ReturnType<typeof decodePromptLanguage>;

const decodePrompts = record({ languages: list(decodePromptLanguage) });

const promptsPath = (hotline: string) => `${hotlinePath(hotline)}/prompts`;
const placePath = (hotline: string, { prompt, language }: PromptRow) =>
  `${promptsPath(hotline)}/${encodeURIComponent(prompt)}/${encodeURIComponent(language)}`;

export async function readPrompts(hotline: string): Promise<readonly PromptLanguage[]> {
  return (await ask(promptsPath(hotline), { decode: decodePrompts })).languages;
}

export function setOwnText(hotline: string, row: PromptRow, own: string): Promise<PromptRow> {
  return ask(`${placePath(hotline, row)}/text`, { method: 'PUT', body: { text: own }, decode: decodePrompt });
}

export function removeOwnText(hotline: string, row: PromptRow): Promise<PromptRow> {
  return ask(`${placePath(hotline, row)}/text`, { method: 'DELETE', decode: decodePrompt });
}

/** 2 MB over the slow line of a small office, in milliseconds. */
const UPLOAD_PATIENCE = 70_000;

export function setRecording(hotline: string, row: PromptRow, sound: Blob): Promise<PromptRow> {
  const signal = AbortSignal.timeout(UPLOAD_PATIENCE);
  return ask(`${placePath(hotline, row)}/recording`, { method: 'PUT', sound, decode: decodePrompt, signal });
}

export function removeRecording(hotline: string, row: PromptRow): Promise<PromptRow> {
  return ask(`${placePath(hotline, row)}/recording`, { method: 'DELETE', decode: decodePrompt });
}
