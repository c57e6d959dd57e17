/** How loud something is, as a bar that is also readable without colour. */
export function Level({ label, value, testId }: { readonly label: string; readonly value: number; readonly testId?: string }) {
  return (
    <label class="level">
      <span class="small">{label}</span>
      <meter min={0} max={1} value={Number.isFinite(value) ? value : 0} data-testid={testId} />
    </label>
  );
}
