/** Rows of facts: a table where there is room, one card per row where there is not. */
import type { ComponentChildren } from 'preact';
import './parts.css';
import './table.css';

export interface Column<Row> {
  readonly name: string;
  readonly draw: (row: Row) => ComponentChildren;
  /** The column that names its row. */
  readonly heads?: boolean;
  /** Buttons, which need no name in front of them. */
  readonly deeds?: boolean;
}

export interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  readonly testId?: string;
  readonly rowTestId?: (row: Row) => string;
}

/** The roles are spoken out because a table whose cells are drawn as blocks is no table to a screen reader. */
export function DataTable<Row>({ caption, columns, rows, keyOf, testId, rowTestId }: DataTableProps<Row>) {
  return (
    <table class="data" role="table" data-testid={testId}>
      <caption class="only-heard">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.name} role="columnheader" scope="col">
              {column.deeds === true ? <span class="only-heard">{column.name}</span> : column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row" data-testid={rowTestId?.(row)}>
            {columns.map((column) => cell(column, row))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cell<Row>(column: Column<Row>, row: Row) {
  if (column.heads === true) {
    return (
      <th key={column.name} role="rowheader" scope="row">
        {column.draw(row)}
      </th>
    );
  }
  return (
    <td key={column.name} role="cell" class={column.deeds === true ? 'deeds' : undefined}>
      {column.deeds !== true && (
        <span class="cell-name" aria-hidden="true">
          {column.name}
        </span>
      )}
      <div class="cell-value">{column.draw(row)}</div>
    </td>
  );
}
